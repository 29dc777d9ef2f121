// A fixer's day: what is urgent, compound by compound as one route, and what was answered.

import { get, now, recall } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { ticketCard } from './cards.js';
import { nameOf } from './categories.js';

const MOST_READ_AHEAD = 8;

export async function page(app) {
  const { data, at, old } = await recall('agenda', () => get('/agenda'));
  const body = h('div', { class: 'page stack' });
  let view = 'route';
  let going = new Set();
  const show = () => fill(body, old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况。`), totals(data.totals), attention(app, data), chooser(view, turn), lists[view](app, data, going));
  const turn = (to) => {
    view = to;
    show();
  };
  const stop = outbox.listen((list) => {
    going = new Set(list.flatMap((entry) => (entry.repairs && entry.state !== 'refused' ? entry.repairs : [])));
    show();
  });
  if (!old) setTimeout(() => readAhead(data), 1000);
  return { title: '待办', tab: 'work', body, leave: stop };
}

/** What will be opened on the way, where there may be no network. */
async function readAhead({ compounds }) {
  const tickets = compounds.flatMap((group) => group.tickets).slice(0, MOST_READ_AHEAD);
  for (const { id } of tickets) await recall(`ticket:${id}`, () => get(`/tickets/${id}`)).catch(() => {});
}

function totals({ red, yellow, green, assigned_to_me: mine }) {
  const tile = (count, words, colour, name) => h('li', { class: `tile ${count ? colour : ''}` }, h('strong', null, String(count)), h('span', { class: 'row' }, icon(name), words));
  return h('ul', { class: 'tiles', 'aria-label': '工单数' }, tile(red, '超期', 'red', 'warn'), tile(yellow, '快到期', 'yellow', 'clock'), tile(green, '时间够', 'green', 'check'), mine > 0 && tile(mine, '交给我', '', 'person'));
}

/** What came back, what was answered, what waits for an answer, what goes to a successor. */
function attention(app, { returned, decided, contested, handed_over: ended, totals: all }) {
  const link = (ticket, words) => h('li', null, h('a', { class: 'line', href: app.href(`tickets/${ticket.id}`) }, h('span', { class: 'grow' }, h('strong', null, `${nameOf(ticket.category)} · ${ticket.compound?.name ?? ticket.number}`), h('span', { class: 'block small' }, words)), icon('forward')));
  const part = (words, lines, open = false) => lines.length > 0 && h('details', { class: 'card tight more', open }, h('summary', null, words), h('ul', { class: 'lines' }, lines));
  return [
    part(`退回返工 ${all.returned} 张`, returned.map((one) => link(one.ticket, one.reason ?? '')), true),
    part(`已经答复 ${all.decided} 项`, decided.map((one) => link(one.ticket, `${one.decision_label}${one.reason ? `：${one.reason}` : ''}（${when(one.at, now())}）`))),
    part(`等待答复 ${all.contested} 项`, contested.map((ticket) => link(ticket, `${ticket.pending?.kind_label ?? ''}：${ticket.pending?.reason ?? ''}`))),
    part(`合同已结束、等待改派 ${all.handed_over} 张`, ended.flatMap((one) => one.tickets.map((ticket) => link(ticket, `${one.compound.name} 合同 ${one.ended_on} 结束；改派之前仍由本单位负责`)))),
  ];
}

function chooser(view, turn) {
  const choices = [['route', '按小区走'], ['due', '急的在前']];
  return h('div', { class: 'segments', role: 'group', 'aria-label': '怎样排' }, choices.map(([id, words]) => h('button', { type: 'button', 'aria-pressed': String(id === view), onclick: () => turn(id) }, words)));
}

const lists = {
  route(app, { compounds }, going) {
    if (!compounds.length) return nothing();
    return h('ol', { class: 'stack route' }, compounds.map((group, index) => h('li', { class: 'stack' }, h('h2', { class: 'stop' }, h('span', { class: 'number', 'aria-hidden': 'true' }, String(index + 1)), group.compound?.name ?? group.community.name, h('span', { class: 'soft small' }, `${group.tickets.length + group.more} 张`)), h('ul', { class: 'stack' }, group.tickets.map((ticket) => card(app, ticket, going))), more(app, group))));
  },
  due(app, { compounds }, going) {
    const tickets = compounds.flatMap((group) => group.tickets).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
    if (!tickets.length) return nothing();
    return h('ul', { class: 'stack' }, tickets.map((ticket) => card(app, ticket, going)));
  },
};

function nothing() {
  return h('p', { class: 'plain-message' }, icon('check'), '现在没有要整改的工单。');
}

function more(app, group) {
  if (!group.more) return null;
  const query = group.listed.slice(group.listed.indexOf('?'));
  return h('a', { class: 'button', href: app.href(`tickets${query}`) }, `还有 ${group.more} 张`);
}

function card(app, ticket, going) {
  const note = going.has(ticket.id)
    ? h('span', { class: 'light' }, icon('cloud'), '整改已记下')
    : ticket.pending
      ? h('span', { class: 'light' }, icon('reply'), ticket.pending.kind_label)
      : ticket.assignee && h('span', { class: 'light' }, icon('person'), ticket.assignee.name);
  const item = ticketCard(app, ticket, { more: note });
  item.append(h('a', { class: 'button repair', href: app.href(`repair/${ticket.id}`), 'aria-label': `${nameOf(ticket.category)}：拍照整改` }, icon('camera'), '整改'));
  item.classList.add('with-act');
  return item;
}
