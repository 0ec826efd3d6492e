import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { asTrouble } from '../api/load'
import { Trouble } from '../api/problem'
import type { Form } from '../form/form'
import type { CurrentSession, Session } from './session'
import { lasting } from './ways'

interface Submission {
  busy: Ref<boolean>
  trouble: ShallowRef<Trouble | null>
  /** The same input would fail again: sending waits for a change of it. */
  stuck: Ref<boolean>
  /** Sends a step's answer and takes over the resulting session. */
  send: (call: () => Promise<Session>) => Promise<void>
}

/** Problems after which the page's session is outdated. */
const outdated = new Set(['conflict', 'consent_required', 'step_not_open', 'session_closed', 'attempts_exhausted'])

/**
 * Submits a step, one request at a time. Field errors of a refusal go to the form, and an outdated
 * page reads the session again.
 */
export function useSubmission<Name extends string>(current: CurrentSession, form: Form<Name>): Submission {
  const busy = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  const stuck = ref(false)
  watch(form.values, () => {
    stuck.value = false
  })

  async function send(call: () => Promise<Session>): Promise<void> {
    if (busy.value || stuck.value) return
    trouble.value = null
    if (!form.submittable()) return
    busy.value = true
    try {
      const answer = await call()
      form.sent()
      current.take(answer)
    } catch (e) {
      const t = asTrouble(e)
      form.takeErrors(t)
      trouble.value = t
      stuck.value = lasting.has(t.code)
      if (t.code === 'attempts_exhausted') current.closing.value = t
      // The session holds the remaining attempts and the last error, and a refusal changes both.
      if (outdated.has(t.code) || t.status === 422) await current.read()
    } finally {
      busy.value = false
    }
  }

  return { busy, trouble, stuck, send }
}
