// One record whole: what was said, its photos, what became of it, and the way to put it right.

import { get, now, recall } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import { beginRecord } from './recording.js';

export async function oneRecord(app, id) {
  const { data: one } = await recall(`record:${id}`, () => get(`/records/${encodeURIComponent(id)}`));
  const lines = [['种类', one.kinds.map(({ name }) => name).join('、')], ['单位', one.organisation.name], ['小区', one.compound?.name], ['哪天', one.happened_on], ['在哪里', one.place], ['数字', one.quantity], ['谁记录的', one.recorded_by], ['说明', one.note]].filter(([, value]) => value !== null && value !== undefined);
  const returned = one.state === 'returned' && [...one.changes].reverse().find(({ action }) => action === 'return');
  const mine = app.me.posts.some(({ role, organisation }) => ['lead', 'warden'].includes(role) && organisation.code === one.organisation.code);
  const body = h(
    'div',
    { class: 'page stack' },
    h('section', { class: 'card stack' }, h('h2', null, one.subject), h('p', { class: 'state' }, one.state_label), h('dl', { class: 'stack' }, lines.map(([name, value]) => h('div', { class: 'row' }, h('dt', { class: 'soft' }, name), h('dd', { class: 'grow' }, value)))), one.links.map((link) => h('a', { class: 'quiet', href: link, target: '_blank', rel: 'noreferrer noopener' }, link))),
    returned && h('p', { class: 'note amber' }, icon('redo'), `退回：${returned.note ?? ''}`),
    mine && one.state !== 'withdrawn' && h('button', { type: 'button', class: `button wide${returned ? ' main' : ''}`, onclick: () => beginRecord(app, draftFrom(one)) }, icon('edit'), returned ? '改好再交' : '更正'),
    one.photos.map(({ urls }, index) => h('img', { class: 'large-photo', src: urls.display, alt: `照片 ${index + 1}`, loading: 'lazy' })),
    one.changes.length > 0 && h('ol', { class: 'timeline' }, one.changes.map((change) => h('li', null, h('p', null, h('strong', null, change.action_label), ` ${change.actor}`, h('span', { class: 'small soft' }, ` ${when(change.at, now())}`)), change.note && h('p', null, change.note)))),
  );
  return { title: '记录', tab: 'me', hasBack: true, body };
}

function draftFrom(one) {
  return {
    kinds: one.kinds.map(({ code }) => code),
    had: one.photos.map(({ id, urls }) => ({ id, thumb: urls.thumb })),
    subject: one.subject,
    place: one.place ?? '',
    quantity: one.quantity ?? '',
    note: one.note ?? '',
    links: one.links.join('\n'),
    happened_on: one.happened_on,
    corrects: { id: one.id, version: one.version },
  };
}
