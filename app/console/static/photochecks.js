// Photos and texts that WeChat warned of, or said nothing about: a person looks, and shows them or not.

import { NoAnswer, PREFIX, get, send } from '../faces/api.js';
import { fill, h, say } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { newId } from '../faces/ids.js';
import { icon } from '../faces/icons.js';

const TITLE = '待审核的照片和文字';
const KINDS = [
  { path: '/text-checks', id: (one) => one.id, none: '没有等着看的文字。', at: (one) => `${one.place} · ${when(one.written_at)} 写的`, look: words, kept: words },
  { path: '/photo-checks', id: (one) => one.photo, none: '没有等着看的照片。', at: (one) => `${when(one.received_at)} 收到`, look: picture },
];

export async function page(app) {
  const lists = await Promise.all(KINDS.map((kind) => listed(app, kind)));
  const back = h('nav', { class: 'quick', 'aria-label': '哪些' }, h('a', { href: app.href('complaints') }, '投诉建议'), h('a', { href: app.href('photo-checks'), 'aria-current': 'page' }, TITLE));
  const says = h('p', { class: 'soft' }, '微信认为有风险的已经隐藏，等人看过再恢复或确认；没有结论的照常显示。照片和文字都不删除，工单照常办理。');
  const [texts, photos] = lists;
  return { title: TITLE, tab: 'complaints', body: h('div', { class: 'page' }, back, h('h1', null, TITLE), says, h('div', { class: 'narrow stack' }, h('h2', null, '文字'), texts, h('h2', null, '照片'), photos)) };
}

/** What waits of a kind, a page at a time. */
async function listed(app, kind) {
  const list = h('div', { class: 'stack' });
  const more = h('button', { type: 'button', class: 'button', onclick: () => read(more.cursor) }, '再看一些');
  async function read(cursor) {
    const found = await get(kind.path, { cursor });
    list.append(...found.items.map((one) => card(app, kind, one)));
    more.cursor = found.next_cursor;
    more.hidden = !found.next_cursor;
    if (!list.children.length) fill(list, h('p', { class: 'card' }, kind.none));
  }
  await read();
  return h('div', { class: 'stack' }, list, more);
}

function card(app, kind, first) {
  const node = h('section', { class: 'card stack' });
  const show = (one) => fill(node, head(kind, one), one.decided_at ? [kind.kept?.(one), h('p', null, one.reason)] : [kind.look(one), deciding(app, kind, one, show)]);
  show(first);
  return node;
}

function head(kind, one) {
  const tone = { risky: ['red', 'warn'], left: ['yellow', 'clock'], confirmed: ['red', 'stop'] }[one.state] ?? ['green', 'check'];
  return h('div', { class: 'row wrap' }, h('span', { class: `light ${tone[0]}` }, icon(tone[1]), one.state_label), h('span', { class: 'small soft' }, `${kind.at(one)}${one.label ? ` · 微信类别 ${one.label}` : ''}`));
}

/** A picture is fetched when it is asked for, and who looked is noted. */
function picture(one) {
  const holder = h('div');
  const look = () => fill(holder, h('img', { src: `${PREFIX}/api/v1/photo-checks/${one.photo}/picture`, alt: '待审核的照片' }));
  fill(holder, h('button', { type: 'button', class: 'button', onclick: look }, icon('image'), '看照片（会记下谁看过）'));
  return holder;
}

function words(one) {
  return h('blockquote', null, one.text);
}

function deciding(app, kind, one, show) {
  const id = kind.id(one);
  const reason = h('input', { id: `reason-${id}`, required: true, maxlength: 400 });
  const decide = (release) => async (event) => {
    event.preventDefault();
    if (!reason.reportValidity()) return;
    try {
      show(await send('POST', `${kind.path}/${id}/decide`, { key: newId(), body: { release, reason: reason.value } }));
      say(release ? '已恢复显示。' : '已确认，继续隐藏。');
    } catch (error) {
      if (error.code === 'not_signed_in') await app.signedOut();
      else if (error instanceof NoAnswer || error.title) say(error instanceof NoAnswer ? '现在连不上服务器，没有写入。' : `${error.title}。${error.detail ?? ''}`);
      else throw error;
    }
  };
  return h(
    'form',
    { class: 'stack', onsubmit: (event) => event.preventDefault() },
    h('div', { class: 'field' }, h('label', { for: reason.id }, '理由'), reason),
    h('div', { class: 'row wrap' }, h('button', { type: 'button', class: 'button main', onclick: decide(true) }, '没有问题，显示'), h('button', { type: 'button', class: 'button danger', onclick: decide(false) }, '有问题，隐藏')),
  );
}
