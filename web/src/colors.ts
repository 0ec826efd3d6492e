import { computed, ref } from 'vue'
import { keepSetting, setting } from './settings'

type Colors = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
/** Paper is white in any color scheme. */
const paper = matchMedia('print')
const chosen = ref<Colors | null>(known(setting('colors')))

function known(value: string | null): Colors | null {
  return value === 'light' || value === 'dark' ? value : null
}

/** The scheme in force: the reader's choice, or otherwise the system's. */
export const colors = computed<Colors>(() => chosen.value ?? (systemDark.value ? 'dark' : 'light'))

function apply(): void {
  const root = document.documentElement
  const shown = paper.matches ? 'light' : colors.value
  root.classList.toggle('dark', shown === 'dark')
  root.style.colorScheme = shown
}

system.addEventListener('change', (e) => {
  systemDark.value = e.matches
  apply()
})
paper.addEventListener('change', apply)
apply()

export function switchColors(): void {
  chosen.value = colors.value === 'dark' ? 'light' : 'dark'
  keepSetting('colors', chosen.value)
  apply()
}
