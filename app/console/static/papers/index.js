// What is printed and kept: ledgers, bulletins and work reports, photos that wait for a mask.

import { tabbed } from '../tabbed.js';

const PAGES = {
  ledgers: ['台账', () => import('./ledgers.js')],
  reports: ['通报和汇报', () => import('./reports.js')],
  masks: ['待遮盖', () => import('./masks.js')],
  codes: ['二维码', () => import('./codes.js')],
};

export const page = tabbed({ base: 'papers', label: '台账公文', tab: 'papers/ledgers', pages: () => PAGES });
