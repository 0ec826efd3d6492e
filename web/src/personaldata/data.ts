import { answerOf, api, type Schemas } from '../api/client'

export type PersonalData = Schemas['PersonalData']

/** Reads a page of the personal data: the newest records, or those that continue after a cursor. */
export const readPersonalData = (cursor?: string | null, limit = 20): Promise<PersonalData> =>
  answerOf(api.GET('/v1/account/personal-data', { params: { query: { limit, ...(cursor && { cursor }) } } }))

/** Reads the personal data with all records. */
export async function readAllPersonalData(): Promise<PersonalData> {
  let all = await readPersonalData(null, 100)
  while (all.next) {
    const page = await readPersonalData(all.next, 100)
    all = { ...page, records: [...all.records, ...page.records] }
  }
  return all
}

/** Hands the user a file. */
export function saveJson(value: unknown, name: string): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
