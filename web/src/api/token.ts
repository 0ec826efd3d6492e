/**
 * The bearer token of this tab. It is kept in sessionStorage, so that it lives
 * through a reload and the way to a bank and back, and ends with the tab; it
 * names an account by number and holds nothing personal
 * (docs/decisions: the token's place in the browser).
 */
const place = 'realname.token'

interface Kept {
  token: string
  expiresAt: string
}

let kept: Kept | null = read()
let onSignedOut: () => void = () => {}

function read(): Kept | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Kept | null
    return value && typeof value.token === 'string' ? value : null
  } catch {
    return null // storage is blocked or holds what is not ours: the user signs in
  }
}

export function token(): string | null {
  return kept?.token ?? null
}

export function keepToken(token: string, expiresAt: string): void {
  kept = { token, expiresAt }
  try {
    sessionStorage.setItem(place, JSON.stringify(kept))
  } catch {
    // Storage is blocked: the token lives until the page is left.
  }
}

export function dropToken(): void {
  kept = null
  try {
    sessionStorage.removeItem(place)
  } catch {
    // Storage is blocked: nothing was kept there.
  }
}

/** The service refused the token: forgets it and tells whoever shows pages. */
export function signedOut(): void {
  dropToken()
  onSignedOut()
}

export function whenSignedOut(call: () => void): void {
  onSignedOut = call
}
