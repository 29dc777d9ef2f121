// The office's own work: what every unit has to do, what was done, who answers for it.

import { tabbed } from '../tabbed.js';

const PAGES = {
  duties: ['指标', () => import('./duties.js')],
  records: ['记录', () => import('./records.js')],
  assignments: ['分工', () => import('./assignments.js')],
  checklists: ['清单', () => import('./checklists.js')],
};

export const page = tabbed({ base: 'work', label: '创建工作', tab: 'work/duties', pages: () => PAGES });
