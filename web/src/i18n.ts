import { computed, ref, shallowRef, type ComputedRef } from 'vue'
import { keepSetting, setting } from './settings'
import { en, zh } from './texts'

export type Locale = 'zh-CN' | 'en'

type Values = Record<string, unknown>
type Texts = { readonly [key: string]: string | readonly string[] | Texts }

const texts: Record<Locale, Record<string, Texts>> = { 'zh-CN': { ...zh }, en: { ...en } }

/** Adds the texts of one page, which only that page loads. */
export function addSection(name: string, section: { zh: Texts; en: Texts }): void {
  texts['zh-CN'][name] = section.zh
  texts.en[name] = section.en
}

/** Chinese by default; the switch in the header selects English. */
const chosen = ref<Locale>(setting('language') === 'en' ? 'en' : 'zh-CN')

export const locale = (): Locale => chosen.value
export const currentLocale = computed(locale)

function entry(key: string): string | readonly string[] | Texts | undefined {
  let node: string | readonly string[] | Texts | undefined = texts[chosen.value]
  for (const name of key.split('.')) node = typeof node === 'object' ? (node as Texts)[name] : undefined
  return node
}

/** The text of a key, with `{name}` replaced by its value. A key without a text is returned itself. */
export function t(key: string, values: Values = {}): string {
  const text = entry(key)
  if (typeof text !== 'string') return key
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** A note about what was done. It follows the reader's language; without a key, there is none. */
export function useNote(): { note: ComputedRef<string>; say: (key?: string, values?: Values) => void } {
  const said = shallowRef<[key: string, values: Values]>(['', {}])
  return {
    note: computed(() => said.value[0] && t(...said.value)),
    say: (key = '', values = {}) => (said.value = [key, values]),
  }
}

/** The texts of a key that holds a list. */
export function list(key: string): readonly string[] {
  const texts = entry(key)
  return Array.isArray(texts) ? (texts as readonly string[]) : []
}

export function chooseLocale(to: Locale): void {
  chosen.value = to
  keepSetting('language', to)
  document.documentElement.lang = to
}
document.documentElement.lang = locale()

/** A time of day in China's zone, with the date if it is not today. */
export function timeText(at: Date, now = new Date()): string {
  const zone = 'Asia/Shanghai'
  const day = (d: Date) => d.toLocaleDateString('en-CA', { timeZone: zone })
  const soon = at.getTime() - now.getTime() < 3 * 60_000
  const time: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone,
    ...(soon && { second: '2-digit' }),
  }
  if (day(at) === day(now)) return at.toLocaleTimeString(locale(), time)
  return at.toLocaleString(locale(), { month: 'long', day: 'numeric', ...time })
}

/**
 * Date and time in China's zone: 2026/11/26 03:16, and in English, to avoid confusing day and
 * month, 26 Nov 2026, 03:16.
 */
export function dateTimeText(at: string): string {
  const time: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: 'Asia/Shanghai',
  }
  return locale() === 'en'
    ? new Date(at).toLocaleString('en-GB', { ...time, month: 'short', day: 'numeric' })
    : new Date(at).toLocaleString('zh-CN', { ...time, month: '2-digit', day: '2-digit' })
}
