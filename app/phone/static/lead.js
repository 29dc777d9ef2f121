// A lead's Monday: what nobody has yet, what waits for an answer, what is stuck, what was not walked.

import { get, now, recall } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import { reportedAt, ticketCard } from './cards.js';
import { communityOf } from './roles.js';
import { ring } from './rounds.js';

const SHOWN = 3;

/** What needs a lead, in the order of what cannot wait; `of` narrows the API's list. */
const PARTS = [
  { words: '待受理，还没有派出去', of: { state: 'reported', sort: 'due' }, none: '没有待受理的。', icon: 'inbox' },
  { words: '等您答复', of: { pending: ['send_back', 'request_extension'], sort: 'due' }, none: '没有等待答复的申请。', icon: 'reply', more: asks },
  { words: '超期没有整改', of: { state: 'dispatched', light: 'red', sort: 'due' }, none: '没有超期的。', icon: 'warn', more: whose },
  { words: '待核查', of: { state: 'rectified', sort: 'due' }, none: '没有待核查的。', icon: 'check', more: reportedAt },
];

export async function page(app) {
  const community = communityOf(app.me);
  const { data, at, old } = await recall('lead', () => read(community));
  const body = h(
    'div',
    { class: 'page stack' },
    old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况。`),
    coverage(app, data.week),
    h('a', { class: 'card line', href: app.href('records') }, icon('edit'), h('span', { class: 'grow' }, '创建工作：还差哪些、记录、清单'), icon('forward')),
    PARTS.map((part, index) => section(app, part, data.lists[index], community)),
    ended(app, data.agenda),
  );
  return { title: community.name, tab: 'lead', body };
}

async function read(community) {
  const organisation = community.code;
  const [week, agenda, ...lists] = await Promise.all([
    get('/coverage', { organisation, limit: 100 }),
    get('/agenda'),
    ...PARTS.map((part) => get('/tickets', { ...part.of, organisation, limit: 20 })),
  ]);
  return { week, agenda, lists };
}

function coverage(app, week) {
  const open = week.items.filter((item) => !item.covered);
  const line = (item) => h('li', null, h('a', { class: 'line', href: app.href(`rounds/${item.compound.code}`) }, icon('walk'), h('span', { class: 'grow' }, item.compound.name), h('span', { class: 'soft small' }, item.round_id ? `还差 ${item.missing.length} 个点位` : '还没有巡'), icon('forward')));
  return h(
    'section',
    { class: 'card tight' },
    h('div', { class: 'row padded' }, ring(week.covered, week.due), h('div', { class: 'grow' }, h('h2', null, `本周已巡 ${week.covered} 个，共 ${week.due} 个小区`), h('p', { class: 'small soft' }, open.length ? '下面的还没有走到' : '都走到了'))),
    open.length > 0 && h('ul', { class: 'lines' }, open.map(line)),
  );
}

function section(app, part, { items, next_cursor: next }, community) {
  const count = `${items.length}${next ? '+' : ''}`;
  const head = h('h2', { class: 'stop' }, icon(part.icon), part.words, items.length > 0 && h('span', { class: 'number' }, count));
  if (!items.length) return h('section', { class: 'row soft quiet-part' }, icon('check'), part.none);
  const query = new URLSearchParams({ organisation: community.code, title: part.words });
  for (const [name, value] of Object.entries(part.of)) for (const one of [value].flat()) query.append(name, one);
  return h(
    'section',
    { class: 'stack' },
    head,
    h('ul', { class: 'stack' }, items.slice(0, SHOWN).map((ticket) => ticketCard(app, ticket, { more: part.more?.(ticket) ?? reportedAt(ticket) }))),
    items.length > SHOWN && h('a', { class: 'button', href: app.href(`tickets?${query}`) }, `全部 ${count} 张`),
  );
}

function asks(ticket) {
  return h('span', { class: 'small' }, `${ticket.responsible?.name ?? ''}${ticket.pending.kind_label}：${ticket.pending.reason}`);
}

function whose(ticket) {
  return ticket.responsible && h('span', { class: 'small soft' }, ticket.responsible.name);
}

/** Tickets that stayed with a company that has left. */
function ended(app, { to_hand_over: gone }) {
  if (!gone.length) return null;
  const query = (one) => `${one.listed.slice(one.listed.indexOf('?'))}&title=${encodeURIComponent('等待改派')}`;
  return h('section', { class: 'stack' }, h('h2', { class: 'stop' }, icon('forward'), '还在已离场公司手里'), h('ul', { class: 'card tight lines' }, gone.map((one) => h('li', null, h('a', { class: 'line', href: app.href(`tickets${query(one)}`) }, h('span', { class: 'grow' }, h('strong', { class: 'block' }, one.compound.name), h('span', { class: 'small soft' }, `${one.company.name} ${one.ended_on} 合同结束`)), icon('forward'))))));
}
