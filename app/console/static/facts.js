// A ticket's facts and what happened, as the desk and the ticket's page tell them.

import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { badge, lightOf, placeOf } from '../faces/tickets.js';
import { exact } from './paper.js';

/** What it is, where, how it stands. */
export function headOf(ticket, more) {
  return h(
    'header',
    { class: 'ticket-head' },
    h('div', { class: 'row wrap' }, h('h1', null, ticket.category.name), h('span', { class: 'state' }, ticket.state_label), lightOf(ticket), marks(ticket), more),
    h('p', null, h('strong', null, placeOf(ticket)), ticket.compound && ticket.cell && h('span', { class: 'soft' }, ` · ${ticket.cell.name}`), h('span', { class: 'soft' }, ` · ${ticket.number}`)),
    ticket.description && h('p', { class: 'description' }, ticket.description),
  );
}

export function marks(ticket) {
  return [
    ticket.rework_count > 0 && badge('yellow', 'redo', `返工 ${ticket.rework_count} 次`),
    ticket.supervised_at && badge('red', 'warn', '督办'),
    ticket.second_look === 'waiting' && badge('yellow', 'compare', '待复核'),
  ];
}

/** A person's name, which is not printed. */
function person(somebody) {
  return somebody && h('span', { class: 'person' }, ` ${somebody.name}`);
}

/** Names and values, those that there are. */
export function factsOf(ticket) {
  const at = (instant) => instant && exact(instant);
  const facts = [
    ['立案条件', ticket.condition.name !== ticket.category.name && ticket.condition.name],
    ['时限', ticket.limit_label],
    ['结案标准', ticket.closing_test],
    ['责任单位', ticket.responsible?.name],
    ['经办人', ticket.assignee && person(ticket.assignee)],
    ['来源', [ticket.source_label, ticket.external_number].filter(Boolean).join(' ')],
    ['上报', [at(ticket.reported_at), person(ticket.reported_by)]],
    ['整改期限', at(ticket.due_at)],
    ['整改完成', at(ticket.rectified_at)],
    ['核查期限', at(ticket.check_due_at)],
    ['结案', at(ticket.closed_at)],
  ];
  return h('dl', { class: 'facts' }, facts.filter(([, value]) => value).map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

/** What stands in the way or must be known. */
export function noticesOf(ticket) {
  const { pending, paused, outside } = ticket;
  return [
    pending && note('amber', 'reply', `${pending.kind_label}，等待答复：${pending.reason}${pending.until ? `（延到 ${exact(pending.until)}）` : ''}`),
    ticket.suspended_until && note('', 'stop', `挂账到 ${exact(ticket.suspended_until)}`),
    paused && note('', 'stop', `按 ${paused.document} 暂停计时，到 ${exact(paused.until)}`),
    outside && note('', 'forward', `移交 ${outside.name}，文号 ${outside.number}${outside.answer ? `，答复：${outside.answer}` : '，还没有答复'}`),
  ].filter(Boolean);
}

function note(colour, name, words) {
  return h('p', { class: `note ${colour}` }, icon(name), h('span', null, words));
}

/** What happened, the newest first. */
export function timelineOf(ticket) {
  const events = [...ticket.timeline].reverse();
  const line = (event) => h('li', null, h('p', null, h('strong', null, event.action_label), ` ${event.organisation?.name ?? ''}`, person(event.actor), h('span', { class: 'soft small' }, ` ${exact(event.at)}`)), event.note && h('p', null, event.note));
  return h('section', { class: 'stack tight' }, h('h2', null, '经过'), h('ol', { class: 'timeline' }, events.map(line)));
}
