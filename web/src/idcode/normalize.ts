import { byteLength } from './rule'

/**
 * Prepares a code for its validator: full-width characters become half-width,
 * letters capital; spaces and hyphens, however they are written, and invisible
 * characters are dropped.
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
 * Prepares the name of a person or an enterprise: full-width letters, digits and
 * brackets become half-width, the variants of the middle dot become ·, runs of
 * spaces become one, spaces at the ends and invisible characters go.
 */
export function normalizeName(s: string): string {
  return visible(halfWidth(s))
    .replace(/[•‧・●∙⋅]/gu, '·')
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/^ | $/g, '')
}

/** Drops what shows nothing and takes no room, but for marks of direction, which are refused. */
function visible(s: string): string {
  return s.replace(/(?!\p{Bidi_Control})[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
}

function halfWidth(s: string): string {
  return s.replace(/[\uff01-\uff5e\u3000]/g, (c) =>
    c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0),
  )
}
