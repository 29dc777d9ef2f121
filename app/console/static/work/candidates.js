// The year's candidates, with every reason: how much was seen, how much is needed.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { today } from '../admin/days.js';
import { longTable, mark, rowButton } from '../admin/tables.js';
import { plansFor } from '../units.js';
import { apply } from './awards.js';

const COUNTED = ['campaigns', 'overdue'];

export async function candidates(app, views) {
  const asked = new URLSearchParams(location.search);
  const year = Number(asked.get('year') ?? today().slice(0, 4));
  const read = (cursor) => get('/campaigns/candidates', { year, limit: 50, cursor });
  const first = await read();
  const years = [0, 1, 2].map((back) => Number(today().slice(0, 4)) - back);
  return [
    views,
    h('h1', null, `${year} 年候选`),
    h('nav', { class: 'quick', 'aria-label': '哪一年' }, years.map((one) => h('a', { href: app.href(`work/campaigns/candidates?year=${one}`), 'aria-current': one === year ? 'page' : null }, `${one} 年`))),
    h('p', { class: 'soft' }, '按这一年的事实算出来的候选和理由；谁当选由创建办定。示范小区可以直接申报文明小区。'),
    longTable({ caption: '候选', heads: ['小区', '候选', '示范小区的理由', '达标小区的理由', ''], row: (one) => row(app, one, year), first, read, none: '没有小区。' }),
  ];
}

function row(app, one, year) {
  const reasons = (grade) => h('ul', { class: 'reasons' }, (one.grades.find((each) => each.grade === grade)?.reasons ?? []).map(reason));
  return [
    [h('strong', null, one.compound.name), h('p', { class: 'small soft' }, one.organisation.name)],
    one.grade ? mark(one.grade_label, 'green') : mark('不是候选'),
    reasons('model'),
    reasons('qualified'),
    one.grade && plansFor(app.me, one.organisation.code) && rowButton('申报', one.compound.name, () => apply(app, { compound: one.compound, year }), 'plus'),
  ];
}

function reason({ criterion, criterion_label: words, observed, at_least: least, at_most: most, met }) {
  const said = (value) => (COUNTED.includes(criterion) ? String(value) : `${(value * 100).toFixed(1)}%`);
  const [colour, name, how] = met === null ? ['', 'more', '不影响'] : met ? ['green', 'check', '达到'] : ['red', 'cross', '没有达到'];
  const needed = least !== null ? `要 ${said(least)}` : most !== null ? `不超过 ${said(most)}` : '';
  return h('li', null, h('span', { class: `light ${colour}` }, icon(name), how), h('span', null, ` ${words}：${observed === null ? '没有可算的' : said(observed)}，${needed}`));
}
