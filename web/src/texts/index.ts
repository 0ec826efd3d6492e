import login from './login'
import shell from './shell'
import rules from './rules'
import trouble from './trouble'

const sections = { shell, login, rules, trouble }

type Sections = typeof sections

function pick<L extends 'zh' | 'en'>(language: L): { [S in keyof Sections]: Sections[S][L] } {
  return Object.fromEntries(Object.entries(sections).map(([name, s]) => [name, s[language]])) as { [S in keyof Sections]: Sections[S][L] }
}

export const zh = pick('zh')
export const en = pick('en')
