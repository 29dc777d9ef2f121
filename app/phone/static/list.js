// A list of tickets as the address narrows it.

import { get, recall } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { reportedAt, ticketCard } from './cards.js';
import { homeOf } from './roles.js';

export async function page(app) {
  const asked = new URLSearchParams(location.search);
  const title = asked.get('title') ?? '工单';
  asked.delete('title');
  const read = (cursor) => {
    const query = new URLSearchParams(asked);
    if (cursor) query.set('cursor', cursor);
    return get(`/tickets?${query}`);
  };
  const { data } = await recall(`list:${asked}`, () => read());
  const list = h('ul', { class: 'stack' });
  const more = h('button', { type: 'button', class: 'button wide' }, '再看一些');
  const add = ({ items, next_cursor: next }) => {
    list.append(...items.map((ticket) => ticketCard(app, ticket, { more: reportedAt(ticket) })));
    more.hidden = !next;
    more.onclick = async () => add(await read(next));
  };
  add(data);
  const body = fill(h('div', { class: 'page stack' }), data.items.length ? [list, more] : h('p', { class: 'plain-message' }, '没有这样的工单。'));
  return { title, tab: homeOf(app.me), hasBack: true, body };
}
