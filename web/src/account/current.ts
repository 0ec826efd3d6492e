import { shallowRef } from 'vue'
import { answerOf, api, responseOf, type Schemas } from '../api/client'
import { dropToken, keepToken } from '../api/token'
import { dropDrafts } from '../form/drafts'
import { lastSession } from '../session/last'

/** The account that is signed in, once a page has read it; masked as the service shows it. */
export const account = shallowRef<Schemas['Account'] | null>(null)

/**
 * Whether the aspect counts as passed by the account's registration (R1): nobody verified it here,
 * and what it rests on is not changed here.
 */
export const presumed = (a: Schemas['Account'], aspect: Schemas['AspectName']) =>
  a.aspects[aspect].state === 'passed' && a.aspects[aspect].method === null

let lastLoginName: string | null = null

let tag = ''

/** The version of the account that was read last, for If-Match. */
export const accountTag = () => tag

export async function readAccount(): Promise<Schemas['Account']> {
  const { data, response } = await responseOf(api.GET('/v1/account'))
  tag = response.headers.get('ETag') ?? ''
  account.value = data
  return data
}

export async function signIn(loginName: string, password: string): Promise<void> {
  const { token, expiresAt } = await answerOf(api.POST('/v1/login', { body: { loginName, password } }))
  // What one user typed is never shown to another.
  if (lastLoginName !== null && lastLoginName !== loginName) dropDrafts()
  lastLoginName = loginName
  account.value = null
  keepToken(token, expiresAt)
}

/** Signs out here and at the service; the service being out of reach keeps nobody signed in here. */
export async function signOut(): Promise<void> {
  try {
    await api.POST('/v1/logout')
  } catch {
    // Out of reach: the token runs out by itself.
  }
  forget()
}

/** Forgets the account and its token, after the service has revoked it. */
export function forget(): void {
  dropToken()
  dropDrafts()
  account.value = null
  lastLoginName = null
  lastSession.value = null
}
