import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Trouble } from './problem'

interface Load<T> {
  data: ShallowRef<T | null>
  trouble: ShallowRef<Trouble | null>
  loading: Ref<boolean>
  load: () => Promise<void>
}

/** Reads the data of a page, or keeps the trouble if the read fails. */
export function useLoad<T>(read: () => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  const loading = ref(true)
  async function load(): Promise<void> {
    loading.value = true
    trouble.value = null
    try {
      data.value = await read()
    } catch (e) {
      trouble.value = asTrouble(e)
    } finally {
      loading.value = false
    }
  }
  return { data, trouble, loading, load }
}

/** Rethrows any error other than Trouble: it is a defect of these pages and must not be hidden. */
export function asTrouble(e: unknown): Trouble {
  if (e instanceof Trouble) return e
  throw e
}
