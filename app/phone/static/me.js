// About oneself: messages, text size, what waits, sign-ins, sign out.

import { PREFIX, clockOffset, signOut } from '../faces/api.js';
import { fill, h, say, sure } from '../faces/dom.js';
import { span } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import { unreadCount } from '../faces/inbox.js';
import * as outbox from '../faces/outbox.js';
import { sendOriginals, sendsOriginals } from '../faces/photo.js';
import { choose, isLarge } from '../faces/size.js';
import { mayReport } from './roles.js';

const NOTABLE_OFFSET = 5 * 60_000;

/** A switch between ordinary and large text, for one person on this phone. */
export function sizeSwitch(person) {
  return switchLine('size', '大字模式', isLarge(), (on) => choose(on, person));
}

function switchLine(name, words, on, turn) {
  const state = h('span', { class: 'switch', 'aria-hidden': 'true' });
  const button = h('button', { type: 'button', class: 'line', role: 'switch', 'aria-checked': String(on), onclick: flip }, icon(name), h('span', { class: 'grow' }, words), state);
  function flip() {
    const turned = button.getAttribute('aria-checked') !== 'true';
    button.setAttribute('aria-checked', String(turned));
    turn(turned);
  }
  return button;
}

export async function page(app) {
  const waiting = outbox.countable(await outbox.mine()).length;
  return {
    title: '我的',
    tab: 'me',
    body: h(
      'div',
      { class: 'page stack' },
      h('section', { class: 'card stack' }, h('h2', null, app.me.name), h('ul', { class: 'soft' }, app.me.posts.map(postLine))),
      noPost(app),
      h('section', { class: 'card tight lines' }, inboxLine(app), mayReport(app.me) && leading(app, 'records', 'edit', '创建工作：记录和清单')),
      h('section', { class: 'card tight lines' }, sizeSwitch(app.me), originals(), outboxLine(app, waiting), deskLine(app.me)),
      clockNote(),
      h('section', { class: 'card tight lines' }, leading(app, 'me/signins', 'phone', '我的登录'), leading(app, 'me/password', 'edit', '改口令'), leading(app, 'me/complaints', 'reply', '投诉建议'), outLine(app, waiting)),
    ),
  };
}

function originals() {
  return switchLine('image', '照片发原图（费流量）', sendsOriginals(), sendOriginals);
}

function postLine(post) {
  return h('li', null, `${post.role_label} · ${post.organisation.name}`);
}

function noPost(app) {
  if (app.me.posts.length) return null;
  return h('p', { class: 'note amber' }, '您现在没有在用的岗位，请联系管理员。');
}

function leading(app, place, name, words, more) {
  return h('a', { class: 'line', href: app.href(place) }, icon(name), h('span', { class: 'grow' }, words), more, icon('forward'));
}

/** The page does not wait for the count. */
function inboxLine(app) {
  const text = h('span', { class: 'soft' });
  unreadCount().then((count) => fill(text, count ? h('strong', { class: 'state' }, `${count} 条未读`) : '没有未读的'), () => {});
  return leading(app, 'me/inbox', 'inbox', '消息', text);
}

function outboxLine(app, waiting) {
  const text = waiting ? `${waiting} 条待发` : '空';
  return leading(app, 'outbox', 'cloud', '待发箱', h('span', { class: 'soft' }, text));
}

function deskLine(me) {
  if (!me.posts.some(({ role }) => ['lead', 'supervisor', 'administrator'].includes(role))) return null;
  return h('a', { class: 'line', href: `${PREFIX}/console` }, icon('chart'), h('span', { class: 'grow' }, '督查台（在电脑上用）'), icon('forward'));
}

function clockNote() {
  if (Math.abs(clockOffset) < NOTABLE_OFFSET) return null;
  const how = clockOffset > 0 ? '慢' : '快';
  return h('p', { class: 'note amber' }, `手机时钟${how}了约 ${span(clockOffset)}。上报的时间会自动校正，最好把手机设为自动对时。`);
}

function outLine(app, waiting) {
  async function out() {
    const detail = waiting ? `还有 ${waiting} 条没有发出，会留在这部手机里，下次您登录后接着发。` : '';
    if (!(await sure('退出登录？', '退出', detail))) return;
    try {
      await signOut();
      await app.signedOut();
    } catch {
      say('现在连不上网，没有退出，请稍后再试。');
    }
  }
  return h('button', { type: 'button', class: 'line danger', onclick: out }, icon('out'), h('span', { class: 'grow' }, '退出登录'));
}
