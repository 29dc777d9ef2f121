// A ticket as a card in a list.

import { now } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { lightOf, placeOf } from '../faces/tickets.js';
import { nameOf, pictureOf } from './categories.js';

/** A card; `to` is where it leads, `more` what else it says. */
export function ticketCard(app, ticket, { to = `tickets/${ticket.id}`, more, photos } = {}) {
  return h(
    'li',
    null,
    h(
      'a',
      { class: 'card ticket', href: app.href(to) },
      photos ?? thumb(ticket.cover, pictureOf(ticket.category.code)),
      h(
        'div',
        { class: 'grow' },
        h('div', { class: 'row spread' }, h('h3', null, nameOf(ticket.category)), h('span', { class: 'state' }, ticket.state_label)),
        h('p', null, placeOf(ticket)),
        ticket.description && h('p', { class: 'small soft clip' }, ticket.description),
        h('div', { class: 'row wrap' }, lightOf(ticket), more),
      ),
    ),
  );
}

/** A small picture; without one the category's. */
export function thumb(address, instead) {
  const none = h('span', { class: 'thumb no-picture' }, instead);
  if (!address) return none;
  // Without a network the address may be too old.
  return h('img', { class: 'thumb', src: address, alt: '', loading: 'lazy', width: 88, height: 88, onerror: ({ target }) => target.replaceWith(none) });
}

/** When it was reported, and by which number. */
export function reportedAt(ticket) {
  return h('span', { class: 'small soft' }, `${when(ticket.reported_at, now())} 上报`);
}
