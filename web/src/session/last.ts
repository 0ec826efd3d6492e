import { ref } from 'vue'

/** The address of the last open session in this tab, for the way back from a help page. */
export const lastSession = ref<string | null>(null)
