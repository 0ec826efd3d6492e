import { shallowRef } from 'vue'

type InTwo = { 'zh-CN': string; en: string }

/** What a deployment says of itself in config.json, served beside the pages. */
interface Config {
  /** Side-menu entries that live elsewhere: their addresses. */
  links: Record<'qualifications' | 'seals' | 'importClient', string>
  /** Whom to ask, shown on the help page. */
  contacts: { name: InTwo; value: string; href?: string }[]
}

const none: Config = { links: { qualifications: '', seals: '', importClient: '' }, contacts: [] }

export const config = shallowRef<Config>(none)

/** Reads config.json; without one the pages work, with no contacts and no links. */
export async function loadConfig(): Promise<void> {
  try {
    const response = await fetch('/config.json', { cache: 'no-cache', credentials: 'omit' })
    if (!response.ok) return
    const read = (await response.json()) as Partial<Config>
    config.value = { links: { ...none.links, ...read.links }, contacts: read.contacts ?? [] }
  } catch {
    // Offline or not JSON: the pages do without.
  }
}
