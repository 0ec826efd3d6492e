import { computed, ref } from 'vue'
import { keepSetting, setting } from './settings'

type Colours = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
/** Paper is white, whatever the screen is. */
const paper = matchMedia('print')
const chosen = ref<Colours | null>(known(setting('colours')))

function known(value: string | null): Colours | null {
  return value === 'light' || value === 'dark' ? value : null
}

/** The scheme in force: the reader's choice, else the system's. */
export const colours = computed<Colours>(() => chosen.value ?? (systemDark.value ? 'dark' : 'light'))

function apply(): void {
  const root = document.documentElement
  const shown = paper.matches ? 'light' : colours.value
  root.classList.toggle('dark', shown === 'dark')
  root.style.colorScheme = shown
}

system.addEventListener('change', (e) => {
  systemDark.value = e.matches
  apply()
})
paper.addEventListener('change', apply)
apply()

export function switchColours(): void {
  chosen.value = colours.value === 'dark' ? 'light' : 'dark'
  keepSetting('colours', chosen.value)
  apply()
}
