import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asTrouble } from '../api/load'
import type { Trouble } from '../api/problem'

interface Post {
  busy: Ref<boolean>
  trouble: ShallowRef<Trouble | null>
  /** Sends the form, one request at a time. Returns true if the service carried it out. */
  send: (call: () => Promise<unknown>) => Promise<boolean>
}

/** A form that is complete once it is sent. */
export function usePost(form: { submittable: () => boolean; takeErrors: (trouble: Trouble) => boolean }): Post {
  const busy = ref(false)
  const trouble = shallowRef<Trouble | null>(null)

  async function send(call: () => Promise<unknown>): Promise<boolean> {
    trouble.value = null
    if (busy.value || !form.submittable()) return false
    busy.value = true
    try {
      await call()
      return true
    } catch (e) {
      trouble.value = asTrouble(e)
      form.takeErrors(trouble.value)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, trouble, send }
}
