// The map: each cell with the number of its open or overdue tickets, which lead to the list.

import { get } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { svg } from './drawing.js';
import { drawnAt, keysOf, movable, projected } from './ground.js';
import { cellsOf, surroundings } from './places.js';
import { hasTiles, projectedOnTiles } from './tiles.js';

const OPEN = ['reported', 'dispatched', 'rectified', 'referred', 'suspended'].map((state) => `state=${state}`).join('&');
const SHOWN = {
  open: { words: '没有办结', count: (sum) => sum.open, query: OPEN },
  red: { words: '超期没有整改', count: (sum) => sum.lights.red, query: 'light=red' },
};
const STEPS = 5;

export async function page(app) {
  const asked = new URLSearchParams(location.search);
  const shown = SHOWN[asked.get('show')] ? asked.get('show') : 'open';
  const narrowed = new URLSearchParams([...asked].filter(([name, value]) => name !== 'show' && value));
  const [features, sums, around] = await Promise.all([cellsOf(asked.get('organisation') ?? ''), get(`/tickets/summary?by=cell&${narrowed}`), surroundings()]);
  const counts = new Map(sums.items.map((sum) => [sum.code, sum]));
  const to = (code) => app.href(`tickets?${new URLSearchParams([...narrowed, ['cell', code]])}&${SHOWN[shown].query}`);
  const chart = { features, counts, to, of: SHOWN[shown] };
  const body = h(
    'div',
    { class: 'page' },
    h('div', { class: 'row wrap' }, switcher(app, shown, narrowed), h('span', { class: 'grow' }), form(app, asked, around)),
    h('div', { class: 'map-columns' }, features.length ? drawing(chart) : h('p', { class: 'card soft' }, '没有网格。'), table(chart)),
  );
  return { title: '地图', tab: 'map', body };
}

function switcher(app, shown, narrowed) {
  return h('nav', { class: 'quick', 'aria-label': '看什么' }, Object.entries(SHOWN).map(([name, { words }]) => h('a', { href: app.href(`map?${new URLSearchParams([['show', name], ...narrowed])}`), 'aria-current': name === shown ? 'page' : null }, words)));
}

function form(app, asked, { communities, categories, companies }) {
  const choice = (name, words, list) => h('div', { class: 'field' }, h('label', { for: name }, words), h('select', { id: name, name }, h('option', { value: '' }, '全部'), list.map((one) => h('option', { value: one.code, selected: asked.get(name) === one.code }, one.name))));
  const node = h('form', { class: 'row days', 'aria-label': '筛选', onsubmit: submit }, h('input', { type: 'hidden', name: 'show', value: asked.get('show') ?? 'open' }), choice('organisation', '社区（村）', communities), choice('category', '类别', categories), choice('responsible', '责任单位', companies), h('button', { class: 'button main' }, '查看'));
  function submit(event) {
    event.preventDefault();
    app.go(`map?${new URLSearchParams([...new FormData(node)].filter(([, value]) => value))}`);
  }
  return node;
}

/** Which of five shades a number has; none for nothing. */
function stepOf(number, most) {
  return number ? Math.max(1, Math.ceil((number / most) * STEPS)) : 0;
}

function drawing({ features, counts, to, of }) {
  const { at, home, layer, moved } = hasTiles ? projectedOnTiles(features) : projected(features);
  const numberOf = (code) => (counts.has(code) ? of.count(counts.get(code)) : 0);
  const most = Math.max(1, ...features.map(({ properties }) => numberOf(properties.code)));
  const map = svg('svg', { class: `cells${layer ? ' on-tiles' : ''}`, role: 'group', 'aria-label': `网格图，数字是${of.words}的工单` });
  if (layer) map.append(layer);
  for (const feature of features) map.append(cell(feature, at, numberOf(feature.properties.code), most, to, of));
  return h('section', { class: 'card tight map-card' }, map, keysOf(movable(map, home, { moved })), legend(most, of));
}

/** A cell is a link to its tickets, where there are any. */
function cell({ geometry, properties }, at, number, most, to, of) {
  const { d, left, right, top, bottom } = drawnAt(geometry, at);
  const words = `${properties.name}，${of.words} ${number} 张`;
  const group = number ? svg('a', { href: to(properties.code), 'aria-label': words }) : svg('g');
  const title = svg('title');
  title.textContent = words;
  const text = svg('text', { x: (left + right) / 2, y: (top + bottom) / 2, 'font-size': Math.min(right - left, bottom - top) * 0.34 });
  text.textContent = number || '';
  group.append(title, svg('path', { d, class: `step-${stepOf(number, most)}` }), text);
  return group;
}

function legend(most, { words }) {
  const steps = [...new Map(Array.from({ length: most }, (_, n) => [stepOf(n + 1, most), n + 1]))];
  const line = ([step, upTo], index) => {
    const from = index ? steps[index - 1][1] + 1 : 1;
    return h('li', null, h('span', { class: `swatch step-${step}` }), from === upTo ? upTo : `${from}–${upTo}`);
  };
  return h('ul', { class: 'map-legend', 'aria-label': '图例' }, h('li', null, `${words}：`), h('li', null, h('span', { class: 'swatch step-0' }), '没有'), steps.map(line));
}

/** The same in words, the most first. */
function table({ counts, to, of }) {
  const some = [...counts.values()].filter((sum) => of.count(sum)).sort((a, b) => of.count(b) - of.count(a));
  if (!some.length) return h('p', { class: 'card soft' }, `没有${of.words}的工单。`);
  const row = (sum) => h('tr', null, h('td', null, h('a', { class: 'as-link', href: to(sum.code) }, sum.name)), h('td', { class: 'number' }, of.count(sum)));
  return fill(h('div', { class: 'wide map-table' }), h('table', { class: 'figures' }, h('caption', { class: 'unseen' }, `各网格${of.words}的工单`), h('thead', null, h('tr', null, h('th', { scope: 'col' }, '网格'), h('th', { scope: 'col', class: 'number' }, of.words))), h('tbody', null, some.map(row))));
}
