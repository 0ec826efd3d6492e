import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { responseOf, type Schemas } from '../api/client'
import { asTrouble } from '../api/load'
import type { Trouble } from '../api/problem'
import { accountTag, forget, readAccount } from './current'

export type ChangeName =
  'enterprise' | 'legal-representative' | 'administrator' | 'password' | 'mobile' | 'email' | 'region' | 'reminders'

type Answer = Promise<{ data?: Schemas['AccountChange']; error?: unknown; response: Response }>

interface Change {
  busy: Ref<boolean>
  trouble: ShallowRef<Trouble | null>
  /** The aspects whose verification the change withdraws. The user must confirm this. */
  withdraws: ShallowRef<readonly Schemas['AspectName'][]>
  /** Sends the change with the version that was read. Signs out if the service has revoked the token. */
  save: (
    send: (version: { 'If-Match': string }, confirmWithdrawal: boolean) => Answer,
  ) => Promise<'done' | 'unchanged' | 'refused'>
}

/** A change on the account page. It revokes all previously issued tokens, so the user signs in again. */
export function useChange(takeErrors: (trouble: Trouble) => boolean): Change {
  const router = useRouter()
  const busy = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  const withdraws = shallowRef<readonly Schemas['AspectName'][]>([])

  async function save(send: Parameters<Change['save']>[0]): ReturnType<Change['save']> {
    if (busy.value) return 'refused'
    busy.value = true
    trouble.value = null
    try {
      const { data } = await responseOf(send({ 'If-Match': accountTag() }, withdraws.value.length > 0))
      if (!data.changed && !data.reloginRequired) return 'unchanged'
      if (data.reloginRequired) {
        forget()
        await router.replace({ name: 'login', query: { reason: 'changed', to: '/account' } })
      }
      return 'done'
    } catch (e) {
      const t = asTrouble(e)
      takeErrors(t)
      trouble.value = t
      if (t.code === 'withdrawal_confirmation_required') withdraws.value = t.problem?.aspects ?? []
      if (t.code === 'precondition_failed') await readAccount().catch(() => {}) // the next attempt uses the current version
      return 'refused'
    } finally {
      busy.value = false
    }
  }

  return { busy, trouble, withdraws, save }
}
