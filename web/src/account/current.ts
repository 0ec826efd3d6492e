import { shallowRef } from 'vue'
import { answerOf, api, responseOf, serverNow, type Schemas } from '../api/client'
import { dropToken, keepToken } from '../api/token'
import { dropDrafts } from '../form/drafts'
import { lastSession } from '../session/last'

/** The account that is signed in, masked as the service returns it. Null until a page has read it. */
export const account = shallowRef<Schemas['Account'] | null>(null)

/**
 * Whether the aspect counts as verified because of the account's registration (R1). It was not
 * verified here, and its facts cannot be changed here.
 */
export const presumed = (a: Schemas['Account'], aspect: Schemas['AspectName']) =>
  a.aspects[aspect].state === 'passed' && a.aspects[aspect].method === null

let lastLoginName: string | null = null

let tag = ''

/** The version of the account at the last read, for If-Match. */
export const accountTag = () => tag

export async function readAccount(): Promise<Schemas['Account']> {
  const { data, response } = await responseOf(api.GET('/v1/account'))
  tag = response.headers.get('ETag') ?? ''
  account.value = data
  return data
}

export async function signIn(loginName: string, password: string): Promise<void> {
  // Only this request takes cookies: the service knows the browser again by its secret.
  const issued = await answerOf(api.POST('/v1/login', { body: { loginName, password }, credentials: 'same-origin' }))
  // A user never sees the input of another user.
  if (lastLoginName !== null && lastLoginName !== loginName) dropDrafts()
  lastLoginName = loginName
  account.value = null
  keepToken(issued, serverNow())
}

/** Signs out here and at the service. If the service is unreachable, the user is still signed out here. */
export async function signOut(): Promise<void> {
  try {
    await api.POST('/v1/logout')
  } catch {
    // The service is unreachable: the token expires by itself.
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
