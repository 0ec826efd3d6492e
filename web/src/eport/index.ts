export { EportControl, type CardAnswer } from './control'
export { CardTrouble } from './trouble'
