// Checklists on a phone: one tap where all is there, a photo where something is missing.

import { get, getAll, now, recall } from '../faces/api.js';
import { fill, h, say } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { Place } from './place.js';
import { unitOf } from './recording.js';
import { shutter } from './shots.js';

const GRACE_MS = 4_000;

export async function checklistsPage(app) {
  const unit = unitOf(app.me);
  const { data, at, old } = await recall(`checklists:${unit.code}`, () => get('/checklists/summary', { organisation: unit.code }));
  const line = ({ checklist, sites, missing, unseen }) => {
    const [colour, name, words] = missing ? ['red', 'warn', `缺 ${missing} 项`] : unseen ? ['yellow', 'clock', `${unseen} 项没有看过`] : ['green', 'check', '齐全'];
    return h('li', null, h('a', { class: 'line', href: app.href(`records/checklists/${checklist.code}`) }, h('span', { class: 'grow' }, h('strong', { class: 'block' }, checklist.name), h('span', { class: 'small soft' }, `${sites} 处 `), h('span', { class: `light ${colour}` }, icon(name), words)), icon('forward')));
  };
  const shown = data.items.filter(({ sites }) => sites);
  const body = h('div', { class: 'page stack' }, oldNote(old, at), shown.length ? h('ul', { class: 'card tight lines' }, shown.map(line)) : h('p', { class: 'plain-message' }, '没有要看的清单。'));
  return { title: '清单', tab: 'me', hasBack: true, body };
}

function oldNote(old, at) {
  return old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况；照样可以登记，有网后自动发出。`);
}

export async function checklistPage(app, code) {
  const unit = unitOf(app.me);
  const [{ data: sites, at, readAt, old }, { data: lists }] = await Promise.all([recall(`sites:${code}:${unit.code}`, () => getAll(`/checklists/${code}/sites`, { organisation: unit.code })), recall('checklists', () => get('/checklists'))]);
  const checklist = lists.items.find((one) => one.code === code);
  const place = new Place(app.me);
  place.start();
  const body = h('div', { class: 'page stack' });
  const open = new Set(sites.length === 1 ? [keyOf(sites[0])] : []);
  const about = { code, checklist, place, open };
  const stop = outbox.listen((list) => fill(body, h('p', { class: 'soft' }, '都有的点一下；缺的拍一张，就成工单。看过一次一直有效。'), oldNote(old, at), h('ul', { class: 'stack' }, sites.map((site) => siteCard(app, site, list.filter((entry) => isOf(entry, about, site, readAt)), about)))));
  const leave = () => {
    stop();
    place.stop();
  };
  return { title: checklist?.name ?? '清单', tab: 'me', hasBack: true, body, leave };
}

const keyOf = (site) => site.compound?.code ?? site.organisation.code;
const placeOf = (site) => (site.compound ? { compound: site.compound.code } : { organisation: site.organisation.code });

/** Whether an entry is about this site and is not in what was read. */
function isOf(entry, { code }, site, readAt) {
  return entry.kind === 'check' && entry.checklist === code && entry.site === keyOf(site) && entry.state !== 'refused' && (entry.state === 'waiting' || entry.sentAt > readAt);
}

/** How each item stands, with what was done here on top of what was read. */
function siteCard(app, site, mine, about) {
  const told = new Map(site.items.map((item) => [item.code, item.ticket ? 'ticket' : item.present]));
  for (const entry of mine) {
    if (entry.body.all_present) for (const [item, how] of told) if (how !== 'ticket') told.set(item, true);
    for (const { item, present } of entry.body.items ?? []) if (told.get(item) !== 'ticket') told.set(item, present);
    if (entry.body.item) told.set(entry.body.item, 'ticket');
  }
  const count = (how) => [...told.values()].filter((one) => one === how).length;
  const words = count(false) ? `缺 ${count(false)} 项` : count(null) ? `${count(null)} 项没有看过` : count('ticket') ? `${count('ticket')} 项在办` : '都有';
  const name = site.compound?.name ?? site.organisation.name;
  const items = h('details', { class: 'more', open: about.open.has(keyOf(site)), ontoggle: ({ target }) => about.open[target.open ? 'add' : 'delete'](keyOf(site)) }, h('summary', null, `${site.items.length} 项，缺的点开`), h('ul', { class: 'lines' }, site.items.map((item) => itemLine(app, site, item, told.get(item.code), about))));
  return h(
    'li',
    { class: 'card stack' },
    h('div', { class: 'row' }, h('div', { class: 'grow' }, h('h3', null, name), h('p', { class: 'small soft' }, words)), count(null) + count(false) > 0 && h('button', { type: 'button', class: 'button', 'aria-label': `${name}：都有`, onclick: () => look(site, about, { all_present: true }, '都有') }, icon('check'), '都有')),
    items,
  );
}

function itemLine(app, site, item, how, about) {
  const [colour, name, words] = { ticket: ['yellow', 'clock', item.ticket?.state_label ?? '已成工单，正在发'], true: ['green', 'check', '有'], false: ['red', 'warn', '缺'], null: ['', 'more', '没有看过'] }[how];
  const missing = () => look(site, about, { items: [{ item: item.code, present: false }] }, `缺 ${item.name}`);
  const asksPhoto = how === false && about.checklist?.category;
  return h(
    'li',
    { class: 'padded row wrap' },
    h('span', { class: 'grow' }, h('strong', { class: 'block' }, item.name), h('span', { class: `light ${colour}` }, icon(name), words), item.seen_on && h('span', { class: 'small soft' }, ` ${item.seen_on} 看过`)),
    item.ticket && h('a', { class: 'button', href: app.href(`tickets/${item.ticket.id}`) }, icon('ticket'), '看工单'),
    how !== 'ticket' && how !== false && h('button', { type: 'button', class: 'button', 'aria-label': `缺：${item.name}`, onclick: missing }, icon('cross'), '缺'),
    how === false && h('button', { type: 'button', class: 'button', 'aria-label': `有：${item.name}`, onclick: () => look(site, about, { items: [{ item: item.code, present: true }] }, `有 ${item.name}`) }, icon('check'), '有'),
    asksPhoto && shutter({ words: `拍一张，转工单`, place: about.place, className: 'button main', onshot: (photo) => gap(site, item, photo, about) }),
  );
}

async function look(site, { code, checklist }, said, words) {
  await outbox.add({ kind: 'check', path: `/checklists/${code}/looks`, title: `${checklist?.name ?? '清单'}：${words}`, detail: site.compound?.name ?? site.organisation.name, checklist: code, site: keyOf(site), hold: GRACE_MS, body: { ...placeOf(site), ...said, occurred_at: new Date().toISOString() } });
  say(words);
}

/** The photo and the ticket that it makes wait together. */
async function gap(site, item, photo, { code, checklist, place }) {
  const { cell, position } = place.said();
  await outbox.add({
    kind: 'check',
    path: `/checklists/${code}/tickets`,
    title: `缺 ${item.name}，转工单`,
    detail: `${checklist.name} · ${site.compound?.name ?? site.organisation.name}`,
    thumb: photo.thumb,
    checklist: code,
    site: keyOf(site),
    needs: [photo.id],
    body: { ...placeOf(site), item: item.code, photo_ids: [`key:${photo.id}`], ...(!site.compound && cell && { cell }), ...(!site.compound && position && { position }), occurred_at: new Date().toISOString() },
  });
  say('已记下，正在发。');
}
