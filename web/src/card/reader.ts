import { onMounted, onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { CardTrouble, EportControl, type CardAnswer } from '../eport'

interface Reader {
  /** The card's own data, once the control and the card are available. */
  card: ShallowRef<{ certificateNumber: string; enterpriseName: string } | null>
  trouble: ShallowRef<CardTrouble | null>
  checking: Ref<boolean>
  /** Whether the browser is asking the user to let this site reach the control. */
  asking: Ref<boolean>
  check: (again?: boolean) => Promise<void>
  /** Lets the card sign a challenge. Only the control receives the PIN. */
  answer: (challenge: string, pin: string) => Promise<CardAnswer>
}

/** The interval between searches for a missing control or card, in milliseconds. */
const lookEvery = 3000

/** The current state of the E-Port control and the card in its reader. The page searches until it finds both. */
export function useReader(): Reader {
  const card = shallowRef<{ certificateNumber: string; enterpriseName: string } | null>(null)
  const trouble = shallowRef<CardTrouble | null>(null)
  const checking = ref(false)
  const asking = ref(false)
  let control: EportControl | null = null
  let gone = false
  let timer: ReturnType<typeof setTimeout> | undefined

  /** `again`: the user asks, so the former state goes while the search runs. */
  async function check(again = false): Promise<void> {
    if (checking.value || gone) return
    if (again) card.value = trouble.value = null
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
      // After a wrong PIN the card is still in place. After any other trouble, the page searches
      // again.
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
