/**
 * The bearer token of this tab. sessionStorage keeps it across a reload and the visit to a bank,
 * and deletes it with the tab. The token names an account by number and contains no personal data
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
    return null // storage is blocked or contains another value: the user signs in
  }
}

export function token(): string | null {
  return kept?.token ?? null
}

/** When the token expires, or null. */
export function tokenEnd(): string | null {
  return kept?.expiresAt || null
}

export function keepToken(token: string, expiresAt: string): void {
  kept = { token, expiresAt }
  try {
    sessionStorage.setItem(place, JSON.stringify(kept))
  } catch {
    // Storage is blocked: the token lasts until the user leaves the page.
  }
}

export function dropToken(): void {
  kept = null
  try {
    sessionStorage.removeItem(place)
  } catch {
    // Storage is blocked: it contains no token.
  }
}

/** The service refused the token: forgets it and notifies the app, which shows the sign-in page. */
export function signedOut(): void {
  dropToken()
  onSignedOut()
}

export function whenSignedOut(call: () => void): void {
  onSignedOut = call
}
