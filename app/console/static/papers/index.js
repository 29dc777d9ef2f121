// What is printed and kept: ledgers, bulletins and work reports, dossiers, photos that wait for a
// mask.

import { tabbed } from '../tabbed.js';

const PAGES = {
  ledgers: ['台账', () => import('./ledgers.js')],
  reports: ['通报和汇报', () => import('./reports.js')],
  dossiers: ['半年档案', () => import('./dossiers.js')],
  masks: ['待遮盖', () => import('./masks.js')],
  codes: ['二维码', () => import('./codes.js')],
};

const KEEPERS = ['lead', 'supervisor', 'administrator'];

/** Dossiers are made by those who keep a desk. */
function pages(me) {
  const { dossiers, ...rest } = PAGES;
  return me.posts.some(({ role }) => KEEPERS.includes(role)) ? PAGES : rest;
}

export const page = tabbed({ base: 'papers', label: '台账公文', tab: 'papers/ledgers', pages });
