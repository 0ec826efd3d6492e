import type { Locale } from '../i18n'
import { en } from './en'
import { zh } from './zh'

export const topics = ['legal-representative', 'ctid', 'dates', 'bank-ukey', 'ic-card', 'failures'] as const
export type Topic = (typeof topics)[number]

/** One help page: sections of paragraphs, and lists of steps. */
export interface Page {
  title: string
  sections: { heading?: string; text?: string[]; steps?: string[] }[]
}

/** What the pages say, the same in both languages; loaded with the help pages alone. */
export const content = (locale: Locale): Record<Topic, Page> => (locale === 'en' ? en : zh)
