// One ticket: before and after side by side, what happened, and what this person can do now.

import { get, now, recall } from '../faces/api.js';
import { fill, h, sheet } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { ROLES, lightOf, placeOf, verdictOf } from '../faces/tickets.js';
import { actButtons } from './acting.js';
import { nameOf, pictureOf } from './categories.js';

export async function page(app, id) {
  const body = h('div', { class: 'page stack' });
  const show = async () => {
    const { data, at, old } = await recall(`ticket:${id}`, () => get(`/tickets/${encodeURIComponent(id)}`));
    fill(body, parts(app, data, old && at, show));
    return data;
  };
  const ticket = await show();
  const stop = outbox.listen((list) => {
    const done = list.filter((entry) => entry.ticket === ticket.id && entry.state === 'sent' && entry.sentAt > (body.shownAt ?? 0));
    if (body.shownAt && done.length) show().catch(() => {});
    body.shownAt = Date.now();
  });
  return { title: nameOf(ticket.category), hasBack: true, tab: 'mine', body, leave: stop };
}

function parts(app, ticket, old, again) {
  return [
    old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(old, now())} 的情况。`),
    head(ticket),
    photos(ticket),
    told(ticket),
    actButtons(app, ticket, again),
    timeline(ticket),
  ];
}

function head(ticket) {
  const responsible = ticket.responsible && `由${ticket.responsible.name}负责${ticket.assignee ? `，经办 ${ticket.assignee.name}` : ''}`;
  return h(
    'section',
    { class: 'card stack' },
    h('div', { class: 'row spread' }, h('div', { class: 'row' }, pictureOf(ticket.category.code), h('h2', null, placeOf(ticket))), h('span', { class: 'state' }, ticket.state_label)),
    ticket.description && h('p', null, ticket.description),
    h('div', { class: 'row wrap' }, lightOf(ticket), ticket.rework_count > 0 && h('span', { class: 'light yellow' }, icon('redo'), `返工 ${ticket.rework_count} 次`), ticket.supervised_at && h('span', { class: 'light red' }, icon('warn'), '督办')),
    h('p', { class: 'small soft' }, [ticket.condition.name !== ticket.category.name && ticket.condition.name, `时限 ${ticket.limit_label}`, responsible].filter(Boolean).join(' · ')),
    h('p', { class: 'small soft' }, `编号 ${ticket.number}`),
  );
}

/** Before beside after, the newest of each; more of them by a tap. */
function photos(ticket) {
  const of = (role) => ticket.photos.filter((use) => use.role === role);
  const [before, after] = [of('before').at(0), of('after').at(-1)];
  const rest = ticket.photos.filter((use) => use !== before && use !== after);
  if (!ticket.photos.length) return null;
  return h(
    'section',
    { class: 'stack', 'aria-label': '照片' },
    h('div', { class: after ? 'side-by-side' : '' }, [before, after].filter(Boolean).map(figure)),
    rest.length > 0 && h('ul', { class: 'strip' }, rest.map((use) => h('li', null, figure(use)))),
  );
}

function figure(use) {
  const words = ROLES[use.role];
  const notes = use.findings.filter((finding) => finding.direction === 'contradicts').map((finding) => finding.message);
  return h(
    'figure',
    { class: 'shot' },
    h('button', { type: 'button', onclick: () => large(use, words) }, h('img', { src: use.photo.urls.display, alt: `${words}照片`, loading: 'lazy' })),
    h('figcaption', null, h('strong', null, words), verdictOf(use), notes.map((note) => h('span', { class: 'small' }, note))),
  );
}

function large(use, words) {
  return sheet(words, () => h('img', { class: 'large-photo', src: use.photo.urls.display, alt: `${words}照片，放大` }));
}

function told(ticket) {
  const { pending } = ticket;
  return [
    pending && h('p', { class: 'note amber' }, icon('reply'), h('span', null, `已申请${pending.kind === 'send_back' ? '回退' : '延期'}，等待答复：${pending.reason}${pending.until ? `（延到 ${when(pending.until, now())}）` : ''}`)),
    ticket.suspended_until && h('p', { class: 'note' }, icon('stop'), `挂账到 ${when(ticket.suspended_until, now())}`),
    ticket.paused && h('p', { class: 'note' }, icon('stop'), `按 ${ticket.paused.document} 暂停计时`),
    ['dispatched', 'rectified'].includes(ticket.state) && h('p', { class: 'note' }, icon('check'), h('span', null, `结案标准：${ticket.closing_test}`)),
  ];
}

function timeline(ticket) {
  const events = [...ticket.timeline].reverse();
  return h('section', { class: 'stack' }, h('h2', null, '经过'), h('ol', { class: 'timeline' }, events.map((event) => h('li', null, h('p', null, h('strong', null, event.action_label), ` ${[event.organisation?.name, event.actor?.name].filter(Boolean).join(' ')}`), event.note && h('p', null, event.note), h('p', { class: 'small soft' }, when(event.at, now()))))));
}
