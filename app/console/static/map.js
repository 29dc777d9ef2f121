// The map: each cell with the number of its open or overdue tickets, which lead to the list.

import { get } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { rings, svg } from './drawing.js';
import { cellsOf, surroundings } from './places.js';

const WIDTH = 1000;
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
  const points = features.flatMap(({ geometry }) => rings(geometry).flat());
  const [west, east] = extent(points, 0);
  const [south, north] = extent(points, 1);
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = WIDTH / Math.max((east - west) * squeeze, (north - south) * 1.2);
  const at = ([lng, lat]) => [(lng - west) * squeeze * scale, (north - lat) * scale];
  const [width, height] = at([east, south]);
  const numberOf = (code) => (counts.has(code) ? of.count(counts.get(code)) : 0);
  const most = Math.max(1, ...features.map(({ properties }) => numberOf(properties.code)));
  const map = svg('svg', { class: 'cells', role: 'group', 'aria-label': `网格图，数字是${of.words}的工单` });
  const home = [-10, -10, width + 20, height + 20];
  for (const feature of features) map.append(cell(feature, at, numberOf(feature.properties.code), most, to, of));
  const view = movable(map, home);
  const button = (name, words, act) => h('button', { type: 'button', class: 'button', 'aria-label': words, onclick: act }, name);
  return h('section', { class: 'card tight map-card' }, map, h('div', { class: 'map-keys' }, button(icon('plus'), '放大', () => view.zoom(0.7)), button('－', '缩小', () => view.zoom(1 / 0.7)), button('全图', '显示全图', () => view.reset())), legend(most, of));
}

function extent(points, axis) {
  return points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]);
}

/** A cell is a link to its tickets, where there are any. */
function cell({ geometry, properties }, at, number, most, to, of) {
  const drawn = rings(geometry).map((ring) => ring.map(at));
  const d = drawn.map((ring) => `M${ring.map((p) => p.map((v) => v.toFixed(1)).join(' ')).join('L')}Z`).join('');
  const words = `${properties.name}，${of.words} ${number} 张`;
  const group = number ? svg('a', { href: to(properties.code), 'aria-label': words }) : svg('g');
  const title = svg('title');
  title.textContent = words;
  const [left, right] = extent(drawn[0], 0);
  const [top, bottom] = extent(drawn[0], 1);
  const text = svg('text', { x: (left + right) / 2, y: (top + bottom) / 2, 'font-size': Math.min(right - left, bottom - top) * 0.34 });
  text.textContent = number || '';
  group.append(title, svg('path', { d, class: `step-${stepOf(number, most)}` }), text);
  return group;
}

/** Moved by dragging, enlarged by the wheel and the keys beside it. */
function movable(map, home) {
  let box = [...home];
  const show = () => map.setAttribute('viewBox', box.join(' '));
  const zoom = (factor, [x, y] = [box[0] + box[2] / 2, box[1] + box[3] / 2]) => {
    const width = Math.min(home[2] * 1.5, Math.max(home[2] / 40, box[2] * factor));
    const real = width / box[2];
    box = [x - (x - box[0]) * real, y - (y - box[1]) * real, width, box[3] * real];
    show();
  };
  const place = (event) => {
    const { left, top, width, height } = map.getBoundingClientRect();
    const unit = Math.max(box[2] / width, box[3] / height);
    return [box[0] + box[2] / 2 + (event.clientX - left - width / 2) * unit, box[1] + box[3] / 2 + (event.clientY - top - height / 2) * unit];
  };
  let from = null;
  let isDragged = false;
  map.addEventListener('wheel', (event) => (event.preventDefault(), zoom(event.deltaY > 0 ? 1.25 : 0.8, place(event))), { passive: false });
  map.addEventListener('pointerdown', (event) => ([from, isDragged] = [place(event), false]));
  map.addEventListener('pointermove', (event) => {
    if (!from || !event.buttons) return;
    const [x, y] = place(event);
    isDragged ||= Math.hypot(x - from[0], y - from[1]) > box[2] / 200;
    if (!isDragged) return;
    box = [box[0] + from[0] - x, box[1] + from[1] - y, box[2], box[3]];
    show();
  });
  map.addEventListener('pointerup', () => (from = null));
  map.addEventListener('dragstart', (event) => event.preventDefault());
  map.addEventListener('click', (event) => isDragged && (event.preventDefault(), event.stopPropagation()), true);
  show();
  return { zoom, reset: () => ((box = [...home]), show()) };
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
