import { onUnmounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { answerOf, api, responseOf, serverNow, type Schemas } from '../api/client'
import { asTrouble } from '../api/load'
import { Trouble } from '../api/problem'
import { dropDrafts } from '../form/drafts'
import { currentLocale } from '../i18n'

export type Session = Schemas['Session']

export interface CurrentSession {
  id: string
  session: ShallowRef<Session | null>
  /** The reason why the page cannot show the session. */
  trouble: ShallowRef<Trouble | null>
  /** The refusal that closed the session, with the time of the next attempt. */
  closing: ShallowRef<Trouble | null>
  /** Another device or a timeout changed the step while the page was open. */
  moved: Ref<boolean>
  read: () => Promise<void>
  /** Takes over the session from the answer to a submitted step. */
  take: (answer: Session) => void
  cancel: () => Promise<void>
  /** Gives the open step its whole time again. */
  extend: () => Promise<void>
  /** Accepts the consent text in force. */
  agree: (consentVersion: string) => Promise<void>
}

export const isOpen = (s: Session) => s.status === 'requires_input' || s.status === 'processing'

/** The name of a session's form. The drafts go when the session ends. */
export const formName = (id: string, form: string) => `session/${id}/${form}`

/**
 * One session as stored by the service. The page reads it when it opens and when the user returns
 * to it, and follows it while the service works on it, so that any device can continue where
 * another one stopped.
 */
export function useSession(id: string): CurrentSession {
  const session = shallowRef<Session | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  const closing = shallowRef<Trouble | null>(null)
  const moved = ref(false)
  const leaving = new AbortController()
  let etag = ''
  let following = false

  function take(answer: Session): void {
    if (session.value && answer.step !== session.value.step) moved.value = false
    session.value = answer
    etag = ''
    if (!isOpen(answer)) dropDrafts(formName(id, ''))
    void follow()
  }

  async function get(wait: number): Promise<void> {
    const { data, response } = await responseOf(
      api.GET('/v1/sessions/{id}', {
        params: { path: { id }, query: wait ? { wait } : {}, header: etag ? { 'If-None-Match': etag } : {} },
        signal: leaving.signal,
      }),
    )
    if (response.status === 304) return
    const before = session.value
    session.value = data
    etag = response.headers.get('ETag') ?? ''
    moved.value = before !== null && before.status === 'requires_input' && before.step !== data.step
    if (!isOpen(data)) dropDrafts(formName(id, ''))
  }

  async function read(): Promise<void> {
    trouble.value = null
    try {
      await get(0)
      void follow()
    } catch (e) {
      if (!leaving.signal.aborted) trouble.value = asTrouble(e)
    }
  }

  /** Keeps a request open until the session changes. */
  async function follow(): Promise<void> {
    if (following) return
    following = true
    try {
      while (!leaving.signal.aborted && session.value && waiting(session.value)) {
        try {
          await get(5)
        } catch (e) {
          if (leaving.signal.aborted) return
          if (!asTrouble(e).unanswered) throw e
          await new Promise((resolve) => setTimeout(resolve, 2000))
        }
      }
    } catch (e) {
      trouble.value = asTrouble(e)
    } finally {
      following = false
    }
  }

  async function cancel(): Promise<void> {
    take(await answerOf(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })))
  }

  async function extend(): Promise<void> {
    take(await answerOf(api.POST('/v1/sessions/{id}/extensions', { params: { path: { id } } })))
  }

  async function agree(consentVersion: string): Promise<void> {
    const params = { path: { id } }
    take(await answerOf(api.POST('/v1/sessions/{id}/consents', { params, body: { consentVersion } })))
  }

  // The page shows the end of the time without a click.
  let deadline: ReturnType<typeof setTimeout> | undefined
  watch(session, (s) => {
    clearTimeout(deadline)
    if (s && isOpen(s)) deadline = setTimeout(lookAgain, Math.max(Date.parse(s.expiresAt) - serverNow() + 1000, 5000))
  })

  // The service says the last failure in the reader's language.
  watch(currentLocale, () => {
    etag = ''
    void read()
  })

  // The user is back from another window or a bank, or the computer from sleep: read again.
  const lookAgain = () => {
    if (document.visibilityState === 'visible' && session.value && isOpen(session.value))
      get(0).then(
        () => follow(),
        () => {},
      )
  }
  document.addEventListener('visibilitychange', lookAgain)
  addEventListener('online', lookAgain)
  onUnmounted(() => {
    leaving.abort()
    clearTimeout(deadline)
    document.removeEventListener('visibilitychange', lookAgain)
    removeEventListener('online', lookAgain)
  })

  return { id, session, trouble, closing, moved, read, take, cancel, extend, agree }
}

/** Whether the page waits for the service or a bank, and not for the user. */
function waiting(s: Session): boolean {
  return s.status === 'processing' || (s.step === 'bank' && s.steps.some((step) => step.bank))
}
