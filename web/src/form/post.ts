import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asTrouble } from '../api/load'
import type { Trouble } from '../api/problem'

interface Post {
  busy: Ref<boolean>
  trouble: ShallowRef<Trouble | null>
  /** Sends what the form holds, once at a time; true when it was carried out. */
  send: (call: () => Promise<unknown>) => Promise<boolean>
}

/** A form that is sent and is over then. */
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
