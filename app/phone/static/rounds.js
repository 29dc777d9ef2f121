// This week's compounds: one tap where all is fine, checkpoint by checkpoint where not.

import { get, now, recall } from '../faces/api.js';
import { fill, h, say } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { communityOf } from './roles.js';

const GRACE_MS = 6_000;

/** Everything due this week in a community, remembered for when there is no network. */
export function weekOf(community) {
  return recall(`week:${community.code}`, () => get('/coverage', { organisation: community.code, limit: 100 }));
}

export async function page(app) {
  const community = communityOf(app.me);
  const week = await weekOf(community);
  const body = h('div', { class: 'page stack' });
  const stop = outbox.listen((list) => show(body, app, week, list));
  return { title: '本周巡查', tab: 'rounds', body, leave: stop };
}

function show(body, app, { data, at, readAt, old }, list) {
  const sent = list.filter((entry) => entry.kind === 'round' && entry.state !== 'refused');
  const ofCompound = (code) => sent.filter((entry) => entry.compound === code && (entry.state === 'waiting' || entry.sentAt > readAt));
  const isDone = (item) => item.covered || ofCompound(item.compound.code).some((entry) => entry.body.all_fine);
  const done = data.items.filter(isDone).length;
  const order = [...data.items].sort((a, b) => Number(isDone(a)) - Number(isDone(b)));
  fill(
    body,
    h('section', { class: 'card row' }, ring(done, data.items.length), h('div', { class: 'grow' }, h('h2', null, data.items.length ? `已巡 ${done} 个，共 ${data.items.length} 个小区` : '本周没有要巡查的小区'), h('p', { class: 'small soft' }, `${weekWords(data.week)}，每个小区每周走到一次`))),
    old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况；照样可以巡查，有网后自动发出。`),
    h('ul', { class: 'stack' }, order.map((item) => compoundCard(app, item, ofCompound(item.compound.code), isDone(item)))),
  );
}

function weekWords(week) {
  return `${week.slice(0, 4)} 年第 ${Number(week.slice(6))} 周`;
}

/** How much is done, as a ring; the words beside it say the same. */
export function ring(done, all) {
  const part = all ? done / all : 0;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 36 36');
  svg.setAttribute('class', 'ring');
  svg.setAttribute('aria-hidden', 'true');
  for (const [className, length] of [['track', 100], ['part', part * 100]]) {
    const circle = document.createElementNS(svg.namespaceURI, 'circle');
    for (const [name, value] of Object.entries({ cx: 18, cy: 18, r: 15.9, class: className, pathLength: 100, 'stroke-dasharray': `${length} 100` })) circle.setAttribute(name, value);
    if (length > 0) svg.append(circle);
  }
  return svg;
}

function compoundCard(app, item, mine, done) {
  const waits = mine.some((entry) => entry.state === 'waiting');
  const { code, name } = item.compound;
  const cancel = mine.find((entry) => entry.state === 'waiting' && entry.body.all_fine);
  return h(
    'li',
    { class: `card compound${done ? ' done' : ''}` },
    h('div', { class: 'row' }, done && h('span', { class: 'mark good' }, icon('check')), h('div', { class: 'grow' }, h('h3', null, name), h('p', { class: 'small soft' }, stateOf(item, done, waits))), done && h('a', { class: 'quiet', href: app.href(`rounds/${code}`), 'aria-label': `${name}：看点位` }, '点位', icon('forward'))),
    h(
      'div',
      { class: 'acts' },
      !done && h('button', { type: 'button', class: 'button main', onclick: () => allFine(item) }, icon('check'), '全部正常'),
      cancel && h('button', { type: 'button', class: 'button', onclick: () => outbox.drop(cancel.id) }, icon('undo'), '撤销'),
      !done && h('a', { class: 'button', href: app.href(`rounds/${code}`), 'aria-label': `${name}：逐个点位` }, '逐个点位'),
    ),
  );
}

function stateOf(item, done, waits) {
  if (waits) return '已记下，正在发';
  if (item.covered) return `${when(item.completed_at, now())} 已巡完`;
  if (done) return '刚刚巡完';
  if (item.round_id) return `还差 ${item.missing.length} 个点位`;
  return item.missing.length ? `还没有巡，${item.missing.length} 个点位` : '还没有巡';
}

/** One tap: every checkpoint that nobody has seen otherwise is fine. */
export async function allFine(item) {
  const { code, name } = item.compound;
  await outbox.add({
    kind: 'round',
    path: '/rounds',
    title: '巡查，全部正常',
    detail: name,
    compound: code,
    hold: GRACE_MS,
    body: { compound: code, all_fine: true, occurred_at: new Date().toISOString() },
  });
  say(`${name}：已记下，全部正常`);
}

