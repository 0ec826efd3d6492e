import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { token, whenSignedOut } from './api/token'

/** Why the sign-in page is shown, if not by the user's own wish; it says so there. */
export type SignInReason = 'signed_out' | 'changed' | 'left'

const inShell: RouteRecordRaw[] = [
  { path: '', redirect: '/account' },
  { path: 'account', name: 'account', component: () => import('./pages/AccountPage.vue') },
  { path: 'operators', name: 'operators', component: () => import('./pages/OperatorsPage.vue') },
  { path: 'card', name: 'card', component: () => import('./pages/CardPage.vue') },
  { path: 'methods', name: 'methods', component: () => import('./pages/MethodsPage.vue') },
  { path: 'methods/:method(legal_representative|bank_ukey|ic_card|account_holder)', name: 'start', component: () => import('./pages/MethodStartPage.vue') },
  { path: 'sessions', name: 'sessions', component: () => import('./pages/SessionsPage.vue') },
  { path: 'sessions/:id', name: 'session', component: () => import('./pages/SessionPage.vue') },
  // Where a bank's return leads (REALNAME_BANK_RESULT_PAGE): the session's own page shows the result.
  { path: 'bank-result', redirect: (to) => (typeof to.query.session === 'string' && to.query.session ? { path: `/sessions/${to.query.session}`, query: {} } : '/sessions') },
  { path: 'help/:topic?', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { open: true } },
  { path: 'elsewhere/:entry(qualifications|seals|importClient)', name: 'elsewhere', component: () => import('./pages/ElsewherePage.vue') },
  { path: ':rest(.*)*', name: 'notFound', component: () => import('./pages/NotFoundPage.vue'), meta: { open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { open: true } },
    { path: '/activate', name: 'activate', component: () => import('./pages/ActivatePage.vue'), meta: { open: true } },
    { path: '/reset-password', name: 'reset', component: () => import('./pages/ResetPasswordPage.vue'), meta: { open: true } },
    { path: '/confirm-email', name: 'confirmEmail', component: () => import('./pages/ConfirmEmailPage.vue'), meta: { open: true } },
    { path: '/', component: () => import('./components/AppShell.vue'), children: inShell },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

// A page that needs the account leads to the sign-in page, and back afterwards.
router.beforeEach((to) => {
  if (to.meta.open || token()) return true
  return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})

// Whatever page is shown when the token stops working: sign in, then come back
// to it. Drafts live in memory and wait there.
whenSignedOut(() => {
  const here = router.currentRoute.value
  if (here.name !== 'login') void router.replace({ name: 'login', query: { to: here.fullPath, reason: 'signed_out' } })
})
