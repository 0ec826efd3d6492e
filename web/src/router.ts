import { createRouter, createWebHistory } from 'vue-router'
import { account } from './account/current'
import { token, whenSignedOut } from './api/token'
import { notLoaded } from './navigation'
import { routes } from './routes'

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

// A page that needs the account leads to the sign-in page, and back afterwards.
router.beforeEach((to) => {
  if (to.meta.open || token()) return true
  return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})

router.onError(() => {
  notLoaded.value = true
})
router.afterEach(() => {
  notLoaded.value = false
})

// Whatever page is shown when the token stops working: sign in, then come back
// to it. Drafts live in memory and wait there.
whenSignedOut(() => {
  account.value = null
  const here = router.currentRoute.value
  if (here.name !== 'login') void router.replace({ name: 'login', query: { to: here.fullPath, reason: 'signed_out' } })
})
