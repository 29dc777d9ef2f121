// The summary: what is open now, and the KPIs of some days; each figure leads to its tickets.

import { get } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';

const OPEN = ['reported', 'dispatched', 'rectified', 'referred', 'suspended'];
const BY = { '': '不分', organisation: '社区（村）', responsible: '责任单位', category: '类别', compound: '小区', source: '来源' };

export async function page(app) {
  const asked = new URLSearchParams(location.search);
  const [states, places, kpis] = await Promise.all([get('/tickets/summary', { by: 'state' }), get('/tickets/summary', { by: 'organisation', state: OPEN }), get(`/kpis?${asked}`)]);
  const body = h(
    'div',
    { class: 'page' },
    h('h1', null, '现在'),
    h('ul', { class: 'tiles' }, states.items.filter(({ code }) => OPEN.includes(code)).map((one) => tile(app, one))),
    h('section', { class: 'card' }, h('h2', null, '各社区没有办结的'), byPlace(app, places)),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `指标 ${kpis.from} 至 ${kpis.to}`), form(app, kpis)),
    h('p', { class: 'soft' }, '分子、分母都可以点开看是哪些工单。综合指标只作参考，不评比个人。'),
    h('div', { class: 'wide' }, figures(app, kpis)),
    kpis.groups.length > 0 && h('div', { class: 'wide' }, grouped(app, kpis)),
  );
  return { title: '统计', tab: 'summary', body };
}

function tile(app, { code, name, total, lights }) {
  const red = lights.red > 0 && h('span', { class: 'light red' }, icon('warn'), `超期 ${lights.red}`);
  return h('li', null, h('a', { class: 'card tile', href: app.href(`tickets?state=${code}`) }, h('span', null, name), h('strong', null, total), red));
}

/** Bars drawn to scale, the overdue part marked; the numbers say the same. */
function byPlace(app, { items }) {
  const most = Math.max(1, ...items.map(({ total }) => total));
  const line = (one) => {
    const bar = h('span', { class: 'bar' }, h('span', { class: 'filled' }), h('span', { class: 'filled red' }));
    bar.children[0].style.width = `${((one.total - one.lights.red) / most) * 100}%`;
    bar.children[1].style.width = `${(one.lights.red / most) * 100}%`;
    const open = OPEN.map((state) => `state=${state}`).join('&');
    return h('li', null, h('a', { class: 'place-line', href: app.href(`tickets?organisation=${one.code}&${open}`) }, h('span', { class: 'name' }, one.name), bar, h('span', null, `${one.total} 张`), one.lights.red > 0 && h('span', { class: 'fault' }, `超期 ${one.lights.red}`)));
  };
  return h('ul', { class: 'place-lines' }, items.filter(({ total }) => total).map(line));
}

function form(app, kpis) {
  const day = (name, words, value) => h('div', { class: 'field' }, h('label', { for: name }, words), h('input', { id: name, name, type: 'date', value, required: true }));
  const by = h('div', { class: 'field' }, h('label', { for: 'by' }, '分组'), h('select', { id: 'by', name: 'by' }, Object.entries(BY).map(([code, words]) => h('option', { value: code, selected: (kpis.by ?? '') === code }, words))));
  const node = h('form', { class: 'row days', 'aria-label': '哪些天', onsubmit: submit }, day('from', '从', kpis.from), day('to', '到', kpis.to), by, h('button', { class: 'button main' }, '统计'));
  function submit(event) {
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(node)].filter(([, value]) => value));
    app.go(`summary?${query}`);
  }
  return node;
}

const percent = (rate) => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`);

/** Where a figure's tickets are listed: the API's address as a page of ours. */
function listed(app, link, words) {
  return link ? h('a', { class: 'as-link', href: app.href(link.slice(link.indexOf('/kpis/') + 1)) }, words) : words;
}

function figures(app, kpis) {
  const row = (kpi) => h('tr', null, h('th', { scope: 'row' }, kpi.name), h('td', { class: 'number' }, h('strong', null, percent(kpi.rate))), h('td', { class: 'number' }, listed(app, kpi.numerator_link, kpi.numerator)), h('td', { class: 'number' }, listed(app, kpi.denominator_link, kpi.denominator)), h('td', null, kpi.more_is_better ? '高好' : '低好'), h('td', { class: 'small' }, kpi.rule));
  const { composite } = kpis;
  const sum = composite.score !== null && h('tr', null, h('th', { scope: 'row' }, '综合指标'), h('td', { class: 'number' }, h('strong', null, composite.score.toFixed(1))), h('td', { colspan: 4, class: 'small' }, composite.note));
  return h('table', { class: 'figures' }, h('caption', { class: 'unseen' }, '指标'), h('thead', null, h('tr', null, ['指标', '比率', '分子', '分母', '方向', '怎么算'].map((words, n) => h('th', { scope: 'col', class: n > 0 && n < 4 && 'number' }, words)))), h('tbody', null, kpis.items.map(row), sum));
}

function grouped(app, kpis) {
  const names = kpis.items.map(({ name }) => name);
  const cell = (kpi) => h('td', { class: 'number' }, kpi.denominator ? [h('strong', null, percent(kpi.rate)), h('span', { class: 'small halves' }, listed(app, kpi.numerator_link, kpi.numerator), '/', listed(app, kpi.denominator_link, kpi.denominator))] : '—');
  const row = (group) => h('tr', null, h('th', { scope: 'row' }, group.name), group.items.map(cell), h('td', { class: 'number' }, group.composite.score === null ? '—' : group.composite.score.toFixed(1)));
  return h('table', { class: 'figures' }, h('caption', null, `按${BY[kpis.by]}`), h('thead', null, h('tr', null, h('th', { scope: 'col' }, BY[kpis.by]), [...names, '综合'].map((words) => h('th', { scope: 'col', class: 'number' }, words)))), h('tbody', null, kpis.groups.map(row)));
}
