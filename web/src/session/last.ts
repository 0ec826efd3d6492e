import { ref } from 'vue'

/** The address of the session that was open last in this tab, to come back to from a help page. */
export const lastSession = ref<string | null>(null)
