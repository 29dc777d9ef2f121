// One ticket whole: what it is, its photos and what was noticed, what happened, what can be done.

import { PREFIX, get } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { actionsOf } from './acting.js';
import { facing, findingsOf, photoPair } from './evidence.js';
import { factsOf, headOf, noticesOf, timelineOf } from './facts.js';
import { keptButton } from './kept.js';
import { downIcon, exact, printIcon } from './paper.js';
import { placeMap } from './placemap.js';

const OUTCOMES = { rectified: '已整改', dispatched_again: '改派', withdrawn: '撤回', sent_back: '回退', referred: '移交', voided: '作废' };

export async function page(app, id) {
  const body = h('div', { class: 'page ticket' });
  const show = (ticket, notice) => fill(body, parts(app, ticket, notice, show));
  const ticket = await get(`/tickets/${encodeURIComponent(id)}`);
  show(ticket);
  return { title: `${ticket.category.name} ${ticket.number}`, tab: 'tickets', body };
}

function parts(app, ticket, notice, show) {
  const isNoticed = ticket.state === 'dispatched' && ticket.allowed_actions.includes('dispatch');
  const paper = (name, words) => h('a', { class: 'button', href: `${PREFIX}/api/v1/tickets/${ticket.id}/${name}.pdf`, download: true }, downIcon(), words);
  const print = h('button', { type: 'button', class: 'button', onclick: () => globalThis.print() }, printIcon(), '打印');
  return [
    notice && h('p', { class: 'note amber', role: 'status' }, icon('warn'), notice),
    h('div', { class: 'row top-line' }, h('div', { class: 'grow' }, headOf(ticket)), isNoticed && paper('notice', '整改通知书'), paper('sheet', '工单 PDF'), print),
    h('div', { class: 'ticket-columns' }, h('div', { class: 'stack' }, noticesOf(ticket), photoPair(ticket), h('section', { class: 'card' }, findingsOf(ticket)), h('section', { class: 'card' }, timelineOf(ticket))), h('div', { class: 'stack side' }, actionsOf(app, ticket, show), h('section', { class: 'card' }, h('h2', null, '情况'), factsOf(ticket), linksOf(app, ticket), keptButton(app, ticket)), h('section', { class: 'card on-screen' }, placeMap(ticket, facing(ticket))), legsOf(ticket))),
  ];
}

/** Other tickets that this one has to do with. */
function linksOf(app, ticket) {
  const found = [
    ['复发，原来的', ticket.recurrence_of],
    ['上报人说又出现的', ticket.follow_up_of],
    ['已并入', ticket.merged_into],
    ...ticket.possible_duplicate_of.map((id) => ['可能重复的', id]),
  ].filter(([, id]) => id);
  return found.length > 0 && h('ul', { class: 'links' }, found.map(([words, id]) => h('li', null, h('a', { href: app.href(`tickets/${id}`) }, `${words}工单`))));
}

function legsOf(ticket) {
  if (!ticket.legs.length) return null;
  const line = (leg) => h('tr', null, h('td', null, leg.organisation.name), h('td', null, exact(leg.from)), h('td', null, exact(leg.due_at)), h('td', null, leg.outcome ? OUTCOMES[leg.outcome] : '在办'));
  return h('section', { class: 'card on-screen' }, h('h2', null, '责任环节'), h('table', { class: 'plain' }, h('thead', null, h('tr', null, ['单位', '开始', '期限', '结果'].map((words) => h('th', { scope: 'col' }, words)))), h('tbody', null, ticket.legs.map(line))));
}
