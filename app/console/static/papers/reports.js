// Bulletins and work reports: the list, and a new one.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from '../admin/asking.js';
import { field } from '../admin/fields.js';
import { actButton, longTable, mark } from '../admin/tables.js';
import { stretchButtons, stretches, units, writtenFor } from '../units.js';
import { oneReport } from './report.js';

export const KINDS = { bulletin: '通报', work_report: '工作汇报' };
export const STATES = { draft: ['草稿', 'yellow'], submitted: ['送审', ''], issued: ['已签发', 'green'] };
const FILTERS = ['kind', 'state', 'organisation'];

export function page(app, rest, again) {
  return rest ? oneReport(app, rest, again) : { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const narrowed = { limit: 30 };
  for (const name of FILTERS) if (asked.get(name)) narrowed[name] = asked.get(name);
  const read = (cursor) => get('/reports', { ...narrowed, cursor });
  const [first, places] = await Promise.all([read(), units(app)]);
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '通报和工作汇报'), actButton('起草', () => begin(app, writtenFor(app.me, places)), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '数字和句子由系统按平时的记录写，可以改；送审、签发以后不再变。本镇签发的，各社区、村都看得到。'),
    filters(app, asked, places),
    longTable({ caption: '公文', heads: ['公文', '单位', '时间', '状态', '起草'], row: (one) => row(app, one), first, read, none: '还没有。点“起草”做一份。' }),
  ];
}

function filters(app, asked, places) {
  const choose = (name, words, options) => h('div', { class: 'field' }, h('label', { for: `r-${name}` }, words), h('select', { id: `r-${name}`, name, onchange: go }, h('option', { value: '' }, '全部'), options.map(([code, label]) => h('option', { value: code, selected: asked.get(name) === code }, label))));
  const form = h('form', { class: 'card row days', 'aria-label': '筛选', onsubmit: (event) => event.preventDefault() }, choose('kind', '种类', Object.entries(KINDS)), choose('state', '状态', Object.entries(STATES).map(([code, [words]]) => [code, words])), choose('organisation', '单位', places));
  function go() {
    app.go(`papers/reports?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`, { instead: true });
  }
  return form;
}

function row(app, one) {
  return [
    h('a', { class: 'as-link', href: app.href(`papers/reports/${one.id}`) }, one.kind_label, one.issue_number && `（${one.issue_number}）`),
    one.organisation.name,
    h('span', { class: 'instant' }, `${one.from} 至 ${one.to}`),
    mark(one.state_label, STATES[one.state]?.[1]),
    one.began_at.slice(0, 10),
  ];
}

async function begin(app, places) {
  const [, first, last] = stretches()[1];
  const from = field({ name: 'from', words: '从', kind: 'day', value: first });
  const to = field({ name: 'to', words: '到（含当天）', kind: 'day', value: last });
  const quick = stretchButtons((begins, ends) => ([from.input.value, to.input.value] = [begins, ends]));
  const made = await ask({
    title: '起草一份',
    fields: [
      { name: 'kind', words: '种类', kind: 'choice', options: Object.entries(KINDS), value: 'bulletin', hint: '通报讲问题的上报、整改、结案和巡查；工作汇报按十一个章节写各项指标。' },
      { name: 'organisation', words: '单位', kind: 'choice', options: places, value: places[0]?.[0] },
      from,
      to,
    ],
    more: h('div', { class: 'stack' }, quick, h('p', { class: 'soft' }, '马上在后台生成初稿，可以随时取消。')),
    words: '起草',
    path: '/reports',
  });
  if (made) await app.go(`papers/reports/${made.id}`);
}
