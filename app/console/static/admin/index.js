// Administration: who may enter, the tabs, and the page that a tab leads to.

import { administers } from '../roles.js';
import { tabbed } from '../tabbed.js';
import { forget } from './directory.js';

/** The part of the address, words, and the page itself. */
const PAGES = {
  organisations: ['组织', () => import('./organisations.js')],
  people: ['人员和岗位', () => import('./people.js')],
  compounds: ['小区', () => import('./compounds.js')],
  cells: ['网格', () => import('./cells.js')],
  dictionary: ['事项和时限', () => import('./dictionary.js')],
  reminders: ['期限提醒', () => import('./reminders.js')],
  pauses: ['暂停计时', () => import('./pauses.js')],
  thresholds: ['照片界限', () => import('./thresholds.js')],
  log: ['变更记录', () => import('./log.js')],
};

export const page = tabbed({
  base: 'admin',
  label: '管理',
  tab: 'admin/organisations',
  pages: (me) => (administers(me) ? PAGES : {}),
  begin: forget,
  refused: '管理页面只供管理员使用。您的岗位没有这项权限，需要时请找管理员。',
});
