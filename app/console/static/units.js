// The units that somebody at a desk works for, and stretches of days to choose from.

import { get } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { today } from './admin/days.js';
import { isOffice } from './roles.js';

const OF_AN_AREA = ['lead', 'supervisor', 'administrator'];

/** `[[code, name]]`: where one has a post, then the communities and villages (a county's towns)
 * below. */
export async function units(app) {
  const { items } = await get('/coverage/summary', { weeks: 1 });
  const posts = app.me.posts.filter(({ role }) => OF_AN_AREA.includes(role));
  const all = [...posts, ...items].map(({ organisation }) => [organisation.code, organisation.name]);
  return [...new Map(all)];
}

const pad = (number) => String(number).padStart(2, '0');

/** The first and the last day of so many months that begin with one, counted from January of a year. */
function months(year, first, count) {
  const end = new Date(Date.UTC(year, first + count, 0));
  const begin = new Date(Date.UTC(year, first, 1));
  return [begin, end].map((day) => `${day.getUTCFullYear()}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`);
}

/** Stretches by their words, seen from a day: `[words, first, last]`. */
export function stretches(day = today()) {
  const [year, month] = day.split('-').map(Number);
  const now = month - 1;
  const quarter = now - (now % 3);
  return [
    ['本月', ...months(year, now, 1)],
    ['上月', ...months(year, now - 1, 1)],
    ['本季度', ...months(year, quarter, 3)],
    ['上季度', ...months(year, quarter - 3, 3)],
    [now < 6 ? '上半年' : '下半年', ...months(year, now < 6 ? 0 : 6, 6)],
    ['全年', ...months(year, 0, 12)],
  ];
}

/** Buttons that fill two fields of days. */
export function stretchButtons(choose) {
  return h('div', { class: 'row wrap', role: 'group', 'aria-label': '常用的时段' }, stretches().map(([words, first, last]) => h('button', { type: 'button', class: 'button', onclick: () => choose(first, last) }, words)));
}

/** Those of them that are written for: all but management groups, which only look after others. */
export function writtenFor(me, places) {
  const groups = new Set(me.posts.filter(({ organisation_type: type }) => type === 'management_group').map(({ organisation }) => organisation.code));
  return places.filter(([code]) => !groups.has(code));
}

/** Whether somebody supervises a unit: from the town's office all that is shown, from a management
 * group what it was given. */
export function supervises(me, code) {
  return isOffice(me) || me.posts.some(({ role, communities }) => role === 'supervisor' && communities.includes(code));
}

/** Whether somebody leads or supervises a unit. */
export function plansFor(me, code) {
  return supervises(me, code) || me.posts.some(({ role, organisation }) => role === 'lead' && organisation.code === code);
}
