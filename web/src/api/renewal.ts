import { answerOf, api, serverNow } from './client'
import { Trouble } from './problem'
import { keepToken, kept, token, warnBefore } from './token'

/** How long a token is used before the next activity renews it, in milliseconds. */
const renewAfter = 5 * 60_000

let running = false

/**
 * Renews the token if the user is active and it is not new or a warning is due, so that the sign-in
 * does not end by inactivity. A token that the service refuses ends the sign-in as any other refusal
 * does.
 */
async function renewIfActive(): Promise<void> {
  const now = kept.value
  if (!now || running || now.expiresAt >= now.endsAt) return
  const warned = Date.parse(now.expiresAt) - serverNow() <= warnBefore
  if (serverNow() - now.since < (warned ? 5000 : renewAfter)) return
  running = true
  try {
    const next = await answerOf(api.POST('/v1/login/renewals'))
    if (token() === now.token) keepToken(next, serverNow()) // else the user signed out meanwhile
  } catch (e) {
    if (!(e instanceof Trouble)) throw e // the next activity tries again
  } finally {
    running = false
  }
}

/** Counts keys, pointers and the return to this tab as activity. */
export function renewWhileActive(): void {
  const active = () => void renewIfActive()
  for (const event of ['pointerdown', 'keydown', 'focus']) addEventListener(event, active, { passive: true })
}
