import { byteLength } from './rule'

/**
 * Prepares a code for its validator: makes full-width characters half-width and letters capital,
 * and removes spaces, hyphens of every kind and invisible characters.
 */
export function normalizeCode(s: string): string {
  return visible(halfWidth(s))
    .replace(/[\s\u0085\-‐‑–]/gu, '')
    .replace(/[a-z]/g, (c) => c.toUpperCase())
}

/** normalizeCode without the country's prefix +86 or 0086. */
export function normalizeMobile(s: string): string {
  const code = normalizeCode(s)
  for (const prefix of ['+86', '0086', '86']) {
    if (code.startsWith(prefix) && byteLength(code.slice(prefix.length)) === 11) return code.slice(prefix.length)
  }
  return code
}

/**
 * Prepares the name of a person or an enterprise: makes full-width letters, digits and brackets
 * half-width, replaces variants of the middle dot with ·, collapses runs of spaces, and removes
 * outer spaces and invisible characters.
 */
export function normalizeName(s: string): string {
  return visible(halfWidth(s))
    .replace(/[•‧・●∙⋅]/gu, '·')
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/^ | $/g, '')
}

/** Removes invisible characters without width, except direction marks, which the validators refuse. */
function visible(s: string): string {
  return s.replace(/(?!\p{Bidi_Control})[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
}

function halfWidth(s: string): string {
  return s.replace(/[\uff01-\uff5e\u3000]/g, (c) =>
    c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0),
  )
}
