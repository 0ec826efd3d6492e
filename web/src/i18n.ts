import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import { keepSetting, setting } from './settings'
import { en, zh } from './texts'

export type Locale = 'zh-CN' | 'en'

/** Chinese by default; the switch in the header selects English. */
export const i18n = createI18n({
  legacy: false,
  locale: setting('language') === 'en' ? 'en' : 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})

export const locale = (): Locale => i18n.global.locale.value as Locale
export const currentLocale = computed(locale)
export const t = i18n.global.t as (key: string, values?: Record<string, unknown>) => string

export function chooseLocale(to: Locale): void {
  i18n.global.locale.value = to
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
