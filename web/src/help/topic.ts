export const topics = ['legal-representative', 'ctid', 'dates', 'bank-ukey', 'ic-card', 'failures'] as const
export type Topic = (typeof topics)[number]

/** One help page: sections of paragraphs, and lists of steps. */
export interface Page {
  title: string
  sections: { heading?: string; text?: string[]; steps?: string[] }[]
}
