/**
 * The pages. A page is one entry here and, where it stands in the navigation,
 * one in `frame/navigation.ts`; what has no entry is not shown anywhere.
 *
 * `start` is the page where an office is founded or chosen: it is shown without
 * the frame, and whenever no office is open.
 */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { deskKnown, office } from '@/api/desk';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without navigation, title bar and status line. */
    bare?: boolean;
    /** Shown although no office is open. */
    withoutOffice?: boolean;
    /** Of a register only, or of offices only; other pages are of both. */
    ofRegister?: boolean;
    /** The entry of the navigation that the page belongs to, if it has none of its own. */
    partOf?: string;
  }
}

const pages: RouteRecordRaw[] = [
  {
    path: '/start/:way(found|practice)?',
    name: 'start',
    component: () => import('./pages/start/StartPage.vue'),
    meta: { bare: true, withoutOffice: true },
  },
  { path: '/home', name: 'home', component: () => import('./pages/home/HomePage.vue'), meta: { ofRegister: false } },
  { path: '/records', name: 'records', component: () => import('./pages/records/RecordsPage.vue'), meta: { ofRegister: false } },
  { path: '/records/new', name: 'record-new', component: () => import('./pages/form/RecordNewPage.vue'), meta: { partOf: 'records', ofRegister: false } },
  { path: '/records/import', name: 'import', component: () => import('./pages/import/ImportPage.vue'), meta: { partOf: 'records', ofRegister: false } },
  { path: '/records/:id', name: 'record', component: () => import('./pages/record/RecordPage.vue'), meta: { partOf: 'records', ofRegister: false } },
  { path: '/forms/:id', name: 'form', component: () => import('./pages/form/FormPage.vue'), meta: { partOf: 'records', ofRegister: false } },
  { path: '/approval', name: 'approval', component: () => import('./pages/approval/ApprovalPage.vue'), meta: { ofRegister: false } },
  {
    path: '/verify',
    name: 'verify',
    component: () => import('./pages/verify/VerifyPage.vue'),
    meta: { withoutOffice: true },
  },
  { path: '/register', name: 'register', component: () => import('./pages/register/RegisterPage.vue'), meta: { ofRegister: true } },
  { path: '/people', name: 'people', component: () => import('./pages/people/PeoplePage.vue') },
  { path: '/audit', name: 'audit', component: () => import('./pages/audit/AuditPage.vue') },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./pages/SettingsPage.vue'),
    meta: { withoutOffice: true },
  },
];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [...pages, { path: '/:unknown(.*)*', redirect: () => ({ name: firstPage() }) }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

function firstPage(): string {
  return router.hasRoute('home') ? 'home' : 'settings';
}

router.beforeEach(async (to) => {
  // Where to go first depends on what is open.
  await deskKnown;
  if (!office.value && !to.meta.withoutOffice && router.hasRoute('start')) return { name: 'start' };
  // A register holds no records, and an office no offices.
  if (office.value && to.meta.ofRegister !== undefined && to.meta.ofRegister !== office.value.register) {
    return { name: office.value.register ? 'register' : 'home' };
  }
  return true;
});
