import { shallowRef } from 'vue'

type InTwo = { 'zh-CN': string; en: string }

/** A deployment's config.json, which the host of the pages serves. */
interface Config {
  /** The addresses of side-menu entries on other sites, and of the E-Port client control's download. */
  links: Record<'qualifications' | 'seals' | 'importClient' | 'control', string>
  /** The contacts on the help page. */
  contacts: { name: InTwo; value: string; href?: string }[]
}

const none: Config = { links: { qualifications: '', seals: '', importClient: '', control: '' }, contacts: [] }

export const config = shallowRef<Config>(none)

/** Reads config.json. Without the file, the pages work with no contacts and no links. */
export async function loadConfig(): Promise<void> {
  try {
    const response = await fetch('/config.json', { cache: 'no-cache', credentials: 'omit' })
    if (!response.ok) return
    const read = (await response.json()) as Partial<Config>
    config.value = { links: { ...none.links, ...read.links }, contacts: read.contacts ?? [] }
  } catch {
    // Offline or invalid JSON: the pages work without it.
  }
}
