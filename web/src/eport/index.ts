export { EportControl, controlAddress, type CardAnswer } from './control'
export { CardTrouble, type CardTroubleKind } from './trouble'
