// A ticket's photos for who answers for them: kept beyond their period or not, and who saw them whole.

import { get } from '../faces/api.js';
import { fill, h, sheet } from '../faces/dom.js';
import { ROLES } from '../faces/tickets.js';
import { ask } from './admin/asking.js';
import { actButton } from './admin/tables.js';
import { exact } from './paper.js';

const LOOKS = 50;

/** The button that leads there, for supervisors and administrators. */
export function keptButton(app, ticket) {
  const may = app.me.posts.some(({ role }) => ['supervisor', 'administrator'].includes(role));
  return may && ticket.photos.length > 0 && h('p', { class: 'on-screen' }, actButton('照片保全和查看记录', () => open(ticket), { name: 'image' }));
}

function open(ticket) {
  return sheet('照片保全和查看记录', () => {
    const whole = h('div', { class: 'stack' }, h('p', { role: 'status' }, '正在读……'));
    const draw = async () => {
      try {
        fill(whole, ...(await parts(ticket, draw)));
      } catch (error) {
        fill(whole, h('p', { class: 'fault', role: 'alert' }, error.title ? `${error.title}。${error.detail ?? ''}` : '没有读到，请关了再打开一次。'));
      }
    };
    draw();
    return whole;
  });
}

async function parts(ticket, draw) {
  const photos = [...new Map(ticket.photos.map((use) => [use.photo.id, use])).values()];
  const [holds, ...looks] = await Promise.all([get(`/tickets/${ticket.id}/holds`), ...photos.map(({ photo }) => get(`/photos/${photo.id}/looks`, { limit: LOOKS }))]);
  const inForce = holds.items.find((one) => one.holds);
  const act = inForce ? actButton('解除保全', () => release(ticket, draw), { danger: true }) : actButton('保全', () => place(ticket, draw));
  return [
    h('section', { class: 'stack tight' }, h('div', { class: 'row wrap' }, h('h3', { class: 'grow' }, '保全'), act), h('p', { class: 'small soft' }, '保全以后，这张工单的全部照片保存期满也不清除，直到解除。'), holds.items.length ? h('ul', { class: 'plain stack tight' }, holds.items.map(holdLine)) : h('p', { class: 'soft' }, '没有保全过。')),
    h('section', { class: 'stack tight' }, h('h3', null, '谁看过原图'), photos.map((use, number) => looksOf(use, number, looks[number]))),
  ];
}

function holdLine(hold) {
  const until = hold.until ? `至 ${exact(hold.until)}` : '到解除为止';
  const released = hold.released_at && h('p', { class: 'small soft' }, `${hold.released_by} ${exact(hold.released_at)} 解除：${hold.release_reason}`);
  return h('li', null, h('p', null, h('strong', null, hold.holds ? '保全中' : '已结束'), `　${hold.reason}`), h('p', { class: 'small soft' }, `${hold.made_by} ${exact(hold.from_at)} 起，${until}`), released);
}

function looksOf(use, number, { items, next_cursor: more }) {
  const lines = items.map((one) => h('li', null, `${one.person} ${exact(one.looked_at)} ${one.kind_label}`));
  return h('div', null, h('p', null, h('strong', null, `第 ${number + 1} 张（${ROLES[use.role]}）`)), lines.length ? h('ul', { class: 'small' }, lines) : h('p', { class: 'small soft' }, '没有人看过。'), more && h('p', { class: 'small soft' }, `只列出最近 ${LOOKS} 次。`));
}

async function place(ticket, draw) {
  const done = await ask({
    title: '保全这张工单的照片',
    fields: [
      { name: 'reason', words: '为什么保全', kind: 'area', most: 400, hint: '如案号。电话、身份证号码和房号会被隐去。' },
      { name: 'until', words: '保全到什么时候', kind: 'time', optional: true, hint: '不填就是一直到解除。' },
    ],
    words: '保全',
    path: `/tickets/${ticket.id}/holds`,
    done: '已保全',
  });
  if (done) await draw();
}

async function release(ticket, draw) {
  const done = await ask({
    title: '解除保全？',
    says: '解除以后，照片保存期满就会清除。',
    fields: [{ name: 'reason', words: '为什么解除', kind: 'area', most: 400 }],
    words: '解除保全',
    danger: true,
    path: `/tickets/${ticket.id}/holds/release`,
    done: '已解除',
  });
  if (done) await draw();
}
