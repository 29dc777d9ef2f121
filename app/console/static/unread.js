// The way to one's messages, with how many are not read.

import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { unreadCount } from '../faces/inbox.js';

const FRESH_MS = 60_000;
const link = h('a', { class: 'quiet unread' });
let of = null;
let asked = 0;

addEventListener('gexun.unread', ({ detail }) => show(detail));

/** Asks again once a minute while pages are opened; what cannot be had is not missed. */
export function unreadLink(app) {
  link.href = app.href('me/inbox');
  if (of === app.me.id && Date.now() - asked < FRESH_MS) return link;
  if (of !== app.me.id) show(0);
  [of, asked] = [app.me.id, Date.now()];
  unreadCount().then(show, () => {});
  return link;
}

function show(unread) {
  fill(link, icon('inbox'), '消息', unread > 0 && [h('b', null, unread), h('span', { class: 'unseen' }, ' 条未读')]);
}
