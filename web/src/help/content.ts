import type { Locale } from '../i18n'
import { en } from './en'
import type { Page, Topic } from './topic'
import { zh } from './zh'

/** The content of the help pages, equivalent in both languages. Only the help pages load it. */
export const content = (locale: Locale): Record<Topic, Page> => (locale === 'en' ? en : zh)
