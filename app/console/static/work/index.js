// The office's own work: what every unit has to do, what was done, who answers for it.

import { tabbed } from '../tabbed.js';

const PAGES = {
  duties: ['指标', () => import('./duties.js')],
  records: ['记录', () => import('./records.js')],
  assignments: ['分工', () => import('./assignments.js')],
  checklists: ['清单', () => import('./checklists.js')],
  campaigns: ['一月一区', () => import('./campaigns.js')],
  cases: ['专项', () => import('./cases.js')],
  awards: ['评选申报', () => import('./awards.js')],
  assessments: ['考核', () => import('./assessments.js')],
};

export const page = tabbed({ base: 'work', label: '创建工作', tab: 'work/duties', pages: () => PAGES });
