import { shallowRef } from 'vue'

/**
 * The bearer token of this tab. sessionStorage keeps it across a reload and the visit to a bank,
 * and deletes it with the tab. The token names an account by number and contains no personal data
 * (docs/decisions: the token's place in the browser).
 */
const place = 'realname.token'

/** How long before a time limit the user is warned, in milliseconds. */
export const warnBefore = 2 * 60_000

interface Issued {
  token: string
  /** The sign-in ends then by inactivity, unless the token is renewed. */
  expiresAt: string
  /** The sign-in ends then in any case. */
  endsAt: string
}

interface Kept extends Issued {
  /** The time of the service at which the token arrived, in milliseconds. */
  since: number
}

/** The token with the times at which it ends; null if nobody is signed in. */
export const kept = shallowRef<Kept | null>(read())
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
  return kept.value?.token ?? null
}

export function keepToken(issued: Issued, since: number): void {
  kept.value = { ...issued, since }
  try {
    sessionStorage.setItem(place, JSON.stringify(kept.value))
  } catch {
    // Storage is blocked: the token lasts until the user leaves the page.
  }
}

export function dropToken(): void {
  kept.value = null
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
