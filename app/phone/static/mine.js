// What became of my reports; what waits for somebody to look on the spot; what the community mends.

import { get, now, recall } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import { reportedAt, thumb, ticketCard } from './cards.js';
import { pictureOf } from './categories.js';
import { communityOf, isOfCommunity } from './roles.js';

/** The lists; `of` narrows the API's list. */
function lists(me) {
  const community = communityOf(me)?.code;
  const own = { id: 'own', words: '我报的', of: { mine: 1 }, none: '还没有上报过问题。' };
  if (!isOfCommunity(me)) return [own];
  return [
    { id: 'check', words: '待核查', of: { state: 'rectified', organisation: community, sort: 'due' }, none: '没有等待现场核查的。' },
    own,
    { id: 'ours', words: '社区整改', of: { state: 'dispatched', responsible: community, sort: 'due' }, none: '没有要社区自己整改的。' },
  ];
}

export async function page(app) {
  const found = lists(app.me);
  const read = (list) => recall(`tickets:${list.id}`, () => get('/tickets', { ...list.of, limit: 50 }));
  const answers = await Promise.all(found.map(read));
  const body = h('div', { class: 'page stack' });
  let shown = found.findIndex((_, index) => answers[index].data.items.length > 0);
  const show = (index) => {
    shown = index;
    fill(body, found.length > 1 && chooser(found, answers, shown, show), stale(answers[shown]), listOf(app, found[shown], answers[shown].data));
  };
  show(Math.max(0, shown));
  return { title: '进展', tab: 'mine', body };
}

function chooser(found, answers, shown, show) {
  return h('div', { class: 'segments', role: 'group', 'aria-label': '看哪些' }, found.map((list, index) => {
    const { items, next_cursor: more } = answers[index].data;
    const count = list.id === 'own' ? '' : ` ${items.length}${more ? '+' : ''}`;
    return h('button', { type: 'button', 'aria-pressed': String(index === shown), onclick: () => show(index) }, list.words + count);
  }));
}

function stale({ old, at }) {
  return old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况。`);
}

function listOf(app, list, { items }) {
  if (!items.length) return h('p', { class: 'plain-message' }, list.none);
  return h('ul', { class: 'stack' }, items.map((ticket) => ticketCard(app, ticket, { more: reportedAt(ticket), photos: ticket.after_cover && pair(ticket) })));
}

/** Before and after in one glance. */
function pair(ticket) {
  return h('span', { class: 'pair' }, thumb(ticket.cover, pictureOf(ticket.category.code)), icon('forward'), thumb(ticket.after_cover, icon('check')));
}
