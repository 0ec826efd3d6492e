const units = [
  { unit: 'year', seconds: 365 * 86_400, from: 1 },
  { unit: 'day', seconds: 86_400, from: 2 },
  { unit: 'hour', seconds: 3600, from: 1 },
  { unit: 'minute', seconds: 60, from: 1 },
  { unit: 'second', seconds: 1, from: 0 },
] as const

/** A time span in the largest unit that divides it: 3 years, 180 days, 24 hours. */
export function spanText(seconds: number, locale: string): string {
  const { unit, seconds: each } = units.find((u) => seconds % u.seconds === 0 && seconds / u.seconds >= u.from)!
  const text = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', useGrouping: false }).format(
    seconds / each,
  )
  return text.replace(/(\d)(\p{Script=Han})/u, '$1 $2')
}
