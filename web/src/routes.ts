import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Strangers may see the page. */
    open?: boolean
    /** The page has one task: it shows a way back instead of the menu. */
    task?: boolean
  }
}

const inShell: RouteRecordRaw[] = [
  { path: '', redirect: '/account' },
  { path: 'account', name: 'account', component: () => import('./pages/AccountPage.vue') },
  { path: 'operators', name: 'operators', component: () => import('./pages/OperatorsPage.vue') },
  { path: 'card', name: 'card', component: () => import('./pages/CardPage.vue') },
  { path: 'methods', name: 'methods', component: () => import('./pages/MethodsPage.vue') },
  {
    path: 'methods/:method(legal_representative|bank_ukey|ic_card|account_holder)',
    name: 'start',
    component: () => import('./pages/MethodStartPage.vue'),
    meta: { task: true },
  },
  { path: 'personal-data', name: 'personalData', component: () => import('./pages/PersonalDataPage.vue') },
  { path: 'sessions', name: 'sessions', component: () => import('./pages/SessionsPage.vue') },
  { path: 'sessions/:id', name: 'session', component: () => import('./pages/SessionPage.vue'), meta: { task: true } },
  // Where a bank's return leads (REALNAME_BANK_RESULT_PAGE): the session's own page shows the result.
  {
    path: 'bank-result',
    redirect: (to) =>
      typeof to.query.session === 'string' && to.query.session
        ? { path: `/sessions/${to.query.session}`, query: {} }
        : '/sessions',
  },
  { path: 'help/:topic?', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { open: true } },
  {
    path: 'elsewhere/:entry(qualifications|seals|importClient)',
    name: 'elsewhere',
    component: () => import('./pages/ElsewherePage.vue'),
  },
  { path: ':rest(.*)*', name: 'notFound', component: () => import('./pages/NotFoundPage.vue'), meta: { open: true } },
]

/** Every page by its address. */
export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { open: true } },
  { path: '/activate', name: 'activate', component: () => import('./pages/ActivatePage.vue'), meta: { open: true } },
  {
    path: '/reset-password',
    name: 'reset',
    component: () => import('./pages/ResetPasswordPage.vue'),
    meta: { open: true },
  },
  {
    path: '/confirm-email',
    name: 'confirmEmail',
    component: () => import('./pages/ConfirmEmailPage.vue'),
    meta: { open: true },
  },
  { path: '/', component: () => import('./components/AppShell.vue'), children: inShell },
]
