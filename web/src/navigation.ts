import { ref } from 'vue'

/** Whether the last click led to a page whose code could not be loaded. */
export const notLoaded = ref(false)
