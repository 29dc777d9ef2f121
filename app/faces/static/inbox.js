// Messages: each leads to its ticket where one sees it, and is read once it was opened.

import { NoAnswer, get, isNotToBeHad, now, recall, send } from './api.js';
import { fill, h, say } from './dom.js';
import { when } from './format.js';
import { icon } from './icons.js';

const AT_ONCE = 50;

// What a kind looks like while it is not read: its icon and its colour.
const LOOKS = {
  dispatched: ['wrench', 'wait'],
  returned: ['redo', 'bad'],
  resumed: ['redo', 'wait'],
  supervised: ['warn', 'bad'],
  answered: ['reply', 'wait'],
  closed: ['check', 'good'],
  rejected: ['stop', 'wait'],
  voided: ['stop', 'wait'],
  due_soon: ['clock', 'bad'],
  overdue: ['clock', 'bad'],
  filing_overdue: ['clock', 'bad'],
  checking_overdue: ['clock', 'bad'],
  digest: ['walk', 'wait'],
  complaint_received: ['reply', 'wait'],
  complaint_due: ['clock', 'bad'],
  complaint_answered: ['reply', 'good'],
  illegal_building: ['building', 'bad'],
};

/** How many messages somebody has not read. */
export async function unreadCount() {
  return (await get('/notices', { limit: 1 })).unread;
}

/** Tells whoever shows the count. */
function tell(unread) {
  dispatchEvent(new CustomEvent('gexun.unread', { detail: unread }));
}

export async function inbox(app) {
  const { data, old, at } = await recall('notices', () => get('/notices', { limit: AT_ONCE }));
  const body = h('div', { class: 'stack' });
  const list = h('ul', { class: 'card tight lines' });
  const all = h('button', { type: 'button', class: 'button', onclick: readAll }, icon('check'), '全部标为已读');
  const more = h('button', { type: 'button', class: 'button wide', onclick: readOn }, '再看一些');
  const count = h('p', { class: 'grow', role: 'status' });
  let next;

  function counted(unread) {
    count.textContent = unread ? `${unread} 条未读` : '都已读';
    all.hidden = !unread;
    tell(unread);
  }

  function add(page) {
    list.append(...page.items.map((notice) => line(app, notice, counted)));
    next = page.next_cursor;
    more.hidden = !next;
    counted(page.unread);
  }

  async function readOn() {
    await orSay(async () => add(await get('/notices', { limit: AT_ONCE, cursor: next })));
  }

  async function readAll() {
    await orSay(async () => {
      counted((await send('POST', '/notices/read', { body: {} })).unread);
      for (const node of list.children) node.dispatchEvent(new Event('gexun.read'));
    });
  }

  add(data);
  const stale = old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况。`);
  if (!data.items.length) return fill(body, stale, h('p', { class: 'plain-message' }, '没有消息。'));
  return fill(body, stale, h('div', { class: 'row' }, count, all), list, more);
}

/** Does something that needs the network, or says that there is none. */
async function orSay(act) {
  try {
    await act();
  } catch (error) {
    if (!isNotToBeHad(error)) throw error;
    say(error instanceof NoAnswer ? '现在连不上网，请稍后再试。' : error.title);
  }
}

function line(app, notice, counted) {
  const node = h('li', { 'ongexun.read': seen });
  let isRead = Boolean(notice.read_at);
  const [picture, tone] = LOOKS[notice.kind] ?? ['inbox', 'wait'];
  const detail = h('span', { class: 'small soft' });
  const mark = h('span', null, icon(picture));
  const head = h('span', { class: 'block' }, h('strong', null, notice.kind_label), ' ', detail);
  const inside = [mark, h('span', { class: 'grow' }, head, notice.text)];

  function seen() {
    isRead = true;
    show();
  }

  /** Goes on although the page is left; without a network it stays unread. */
  async function open() {
    if (isRead) return;
    await orSay(async () => {
      counted((await send('POST', '/notices/read', { body: { ids: [notice.id] } })).unread);
      seen();
    });
  }

  function show() {
    mark.className = isRead ? 'mark' : `mark ${tone}`;
    fill(detail, when(notice.created_at, now()), !isRead && [' · ', h('strong', null, '未读')]);
  }

  show();
  if (notice.ticket) node.append(h('a', { class: 'line', href: app.href(`tickets/${notice.ticket.id}`), onclick: open }, inside, icon('forward')));
  else node.append(h('button', { type: 'button', class: 'line', onclick: open }, inside));
  return node;
}
