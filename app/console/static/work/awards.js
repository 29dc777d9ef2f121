// Award applications: made by leads, answered by the town's office.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { actButton, longTable, mark, rowButton } from '../admin/tables.js';
import { surroundings } from '../places.js';
import { isOffice } from '../roles.js';
import { plansFor } from '../units.js';

export const AWARDS = { civilised_compound: '文明小区', civilised_unit: '文明单元', best_owners: '最美业主' };
const STATES = { applied: 'yellow', accepted: 'green', returned: 'red', withdrawn: '' };

export function page(app, rest, again) {
  return { parts: () => all(app, again) };
}

async function all(app, again) {
  const asked = new URLSearchParams(location.search);
  const narrowed = { year: asked.get('year') || undefined, state: asked.get('state') || undefined, limit: 50 };
  const read = (cursor) => get('/awards', { ...narrowed, cursor });
  const first = await read();
  const mayApply = app.me.posts.some(({ role }) => ['lead', 'supervisor'].includes(role));
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '评选申报'), mayApply && actButton('新的申报', () => apply(app, { again }), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '文明小区要先是年底候选，示范小区直接申报。最美业主只申报，不写姓名和房号。'),
    longTable({ caption: '申报', heads: ['小区', '评选', '理由', '年度', '情况', ''], row: (one) => row(app, one, again), first, read, none: '还没有申报。' }),
  ];
}

function row(app, one, again) {
  const isOpen = one.state === 'applied';
  const answers = isOpen && isOffice(app.me);
  const name = `${one.compound.name} ${one.award_label}`;
  return [
    [h('strong', null, one.compound.name), one.unit && h('p', null, one.unit), h('p', { class: 'small soft' }, one.organisation.name)],
    [one.award_label, one.direct && h('p', null, mark('直接申报', 'green')), one.grade_label && h('p', { class: 'small' }, one.grade_label)],
    one.grounds || '—',
    one.year,
    [mark(one.state_label, STATES[one.state]), one.answer && h('p', { class: 'small' }, one.answer)],
    [answers && [rowButton('同意', name, () => answer(one, 'accept', again), 'check'), rowButton('退回', name, () => answer(one, 'return', again), 'redo')], isOpen && plansFor(app.me, one.organisation.code) && rowButton('撤回', name, () => answer(one, 'withdraw', again), 'undo')],
  ];
}

const ANSWERS = { accept: ['同意申报？', '同意', true], return: ['退回申报', '退回', false], withdraw: ['撤回申报？', '撤回', true] };

async function answer(one, verb, again) {
  const [title, words, optional] = ANSWERS[verb];
  const done = await ask({ title: `${one.compound.name} ${one.award_label}：${title}`, fields: [{ name: 'note', words: optional ? '说明' : '为什么退回', kind: 'area', most: 500, optional }], words, path: `/awards/${one.id}/${verb}`, shape: ({ note }) => (note ? { note } : {}), done: '已办好' });
  if (done) await again();
}

/** Applies for a compound, a building or an owner. */
export async function apply(app, { compound, year, again }) {
  const { compounds } = await surroundings();
  const own = compounds.filter(({ organisation }) => plansFor(app.me, organisation.code)).map(({ code, name, organisation }) => [code, `${name}（${organisation.name}）`]);
  const made = await ask({
    title: '申报',
    fields: [
      { name: 'compound', words: '小区', kind: 'choice', options: own, value: compound?.code },
      { name: 'award', words: '评选', kind: 'choice', options: Object.entries(AWARDS), value: 'civilised_compound' },
      { name: 'unit', words: '哪个单元', optional: true, most: 40, hint: '申报文明单元的写，例如 3 栋 2 单元。' },
      { name: 'grounds', words: '理由', kind: 'area', most: 2000, hint: '不写姓名、房号和电话。' },
      { name: 'year', words: '年度', kind: 'number', value: year ?? Number(today().slice(0, 4)) },
    ],
    words: '申报',
    path: '/awards',
    shape: ({ unit, ...body }) => ({ ...body, ...(unit && { unit }) }),
    done: '已申报',
  });
  if (!made) return;
  if (again) await again();
  else await app.go('work/awards');
}
