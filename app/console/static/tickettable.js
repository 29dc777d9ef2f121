// Tickets as the rows of a table, page by page.

import { now } from '../faces/api.js';
import { h, say } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { lightOf, placeOf } from '../faces/tickets.js';
import { marks } from './facts.js';

/** A table that begins with a page; `read(cursor)` gives the next one. */
export function ticketTable(app, first, read) {
  const rows = h('tbody');
  const more = h('button', { type: 'button', class: 'button', onclick: next }, '再显示 50 张');
  let cursor;
  const add = (page) => {
    rows.append(...page.items.map((ticket) => row(app, ticket)));
    cursor = page.next_cursor;
    more.hidden = !cursor;
  };
  async function next() {
    more.disabled = true;
    await read(cursor).then(add, () => say('没有读到，请再试一次。'));
    more.disabled = false;
  }
  add(first);
  if (!first.items.length) return h('p', { class: 'card soft' }, '没有符合条件的工单。');
  const heads = ['照片', '问题', '地点', '进展', '责任单位', '上报'];
  return h('div', { class: 'stack' }, h('table', { class: 'list' }, h('caption', { class: 'unseen' }, '工单'), h('thead', null, h('tr', null, heads.map((words) => h('th', { scope: 'col' }, words)))), rows), more);
}

function row(app, ticket) {
  const pair = [['整改前', ticket.cover], ['整改后', ticket.after_cover]].filter(([, address]) => address);
  return h(
    'tr',
    null,
    h('td', { class: 'covers' }, pair.map(([words, address]) => h('img', { src: address, alt: words, loading: 'lazy', width: 56, height: 56 }))),
    h('td', null, h('a', { class: 'whole', href: app.href(`tickets/${ticket.id}`) }, h('strong', null, ticket.category.name), ticket.description && h('span', { class: 'small clip' }, ticket.description), h('span', { class: 'small soft' }, ticket.number))),
    h('td', null, placeOf(ticket), h('p', { class: 'small soft' }, ticket.community.name)),
    h('td', null, h('p', { class: 'state' }, ticket.state_label), h('p', { class: 'row wrap' }, lightOf(ticket), marks(ticket)), ticket.pending && h('p', { class: 'small' }, `${ticket.pending.kind_label}，等待答复`)),
    h('td', null, ticket.responsible?.name ?? '—'),
    h('td', null, h('p', null, when(ticket.reported_at, now())), h('p', { class: 'small soft' }, ticket.source_label)),
  );
}
