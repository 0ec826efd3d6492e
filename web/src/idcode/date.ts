import { allDigits, type Day } from './rule'

/** Reports whether YYYYMMDD is a valid day of the calendar. */
export function isDay(s: string): boolean {
  if (s.length !== 8 || !allDigits(s)) return false
  const [year, month, day] = parts(s)
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

export function parts(day: Day): [year: number, month: number, day: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(4, 6)), Number(day.slice(6, 8))]
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Today in China, since the documents carry Chinese dates. */
export function todayInChina(now: Date): Day {
  return new Date(now.getTime() + 8 * 60 * 60 * 1000).toISOString().slice(0, 10).replaceAll('-', '')
}
