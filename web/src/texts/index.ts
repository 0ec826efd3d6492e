import access from './access'
import account from './account'
import bank from './bank'
import card from './card'
import help from './help'
import login from './login'
import methods from './methods'
import operators from './operators'
import rules from './rules'
import session from './session'
import shell from './shell'
import signIns from './signins'
import terms from './terms'
import trouble from './trouble'
import wizard from './wizard'

const sections = {
  access,
  account,
  bank,
  card,
  help,
  login,
  methods,
  operators,
  rules,
  session,
  shell,
  signIns,
  terms,
  trouble,
  wizard,
}

type Sections = typeof sections

function pick<L extends 'zh' | 'en'>(language: L): { [S in keyof Sections]: Sections[S][L] } {
  return Object.fromEntries(Object.entries(sections).map(([name, s]) => [name, s[language]])) as {
    [S in keyof Sections]: Sections[S][L]
  }
}

export const zh = pick('zh')
export const en = pick('en')
