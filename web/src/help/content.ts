import type { Locale } from '../i18n'
import { en } from './en'
import type { Page, Topic } from './topic'
import { zh } from './zh'

/** What the pages say, the same in both languages; loaded with the help pages alone. */
export const content = (locale: Locale): Record<Topic, Page> => (locale === 'en' ? en : zh)
