import { onMounted, onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { CardTrouble, EportControl, type CardAnswer } from '../eport'

interface Reader {
  /** What the card says of itself, once control and card are there. */
  card: ShallowRef<{ certificateNumber: string; enterpriseName: string } | null>
  trouble: ShallowRef<CardTrouble | null>
  checking: Ref<boolean>
  /** Whether the browser is asking the user to let this site reach the control. */
  asking: Ref<boolean>
  check: () => Promise<void>
  /** Lets the card sign a challenge; the PIN goes to the control alone. */
  answer: (challenge: string, pin: string) => Promise<CardAnswer>
}

/** How often an absent control or card is looked for again, in milliseconds. */
const lookEvery = 3000

/** The E-Port control and the card in its reader, as they are now: looked for until they are there. */
export function useReader(): Reader {
  const card = shallowRef<{ certificateNumber: string; enterpriseName: string } | null>(null)
  const trouble = shallowRef<CardTrouble | null>(null)
  const checking = ref(false)
  const asking = ref(false)
  let control: EportControl | null = null
  let gone = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function check(): Promise<void> {
    if (checking.value || gone) return
    clearTimeout(timer)
    checking.value = true
    try {
      control?.close()
      control = null
      const found = await EportControl.connect({ onAsking: (now) => (asking.value = now) })
      if (gone) {
        found.close()
        return
      }
      control = found
      card.value = { certificateNumber: await found.certificateNumber(), enterpriseName: await found.enterpriseName() }
      trouble.value = null
    } catch (e) {
      fail(e)
    } finally {
      checking.value = false
      if (!card.value && !gone && document.visibilityState === 'visible')
        timer = setTimeout(() => void check(), lookEvery)
    }
  }

  function fail(e: unknown): CardTrouble {
    if (!(e instanceof CardTrouble)) throw e
    card.value = null
    trouble.value = e
    return e
  }

  async function answer(challenge: string, pin: string): Promise<CardAnswer> {
    if (!control) throw new CardTrouble('lost')
    try {
      return await control.answer(challenge, pin)
    } catch (e) {
      // A wrong PIN leaves the card where it is; anything else is looked at anew.
      if (e instanceof CardTrouble && e.kind !== 'wrong_pin') {
        fail(e)
        timer = setTimeout(() => void check(), lookEvery)
      }
      throw e
    }
  }

  const seen = () => {
    if (document.visibilityState === 'visible' && !card.value) void check()
  }
  onMounted(() => {
    document.addEventListener('visibilitychange', seen)
    void check()
  })
  onUnmounted(() => {
    gone = true
    clearTimeout(timer)
    control?.close()
    document.removeEventListener('visibilitychange', seen)
  })

  return { card, trouble, checking, asking, check, answer }
}
