// Checklists: what each kind of site must have, what is missing where, and when it was last seen.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { longTable, rowButton, table } from '../admin/tables.js';
import { photoField } from '../photofield.js';
import { supervises, units } from '../units.js';

const LOOKERS = ['lead', 'warden'];

export function page(app, rest, again) {
  return { parts: () => (rest ? sites(app, rest, again) : all(app)) };
}

async function all(app) {
  const organisation = new URLSearchParams(location.search).get('organisation') || undefined;
  const [{ items }, { items: lists }, places] = await Promise.all([get('/checklists/summary', { organisation }), get('/checklists'), units(app)]);
  const known = new Map(lists.map((one) => [one.code, one]));
  const row = ({ checklist, sites: number, complete, missing, unseen }) => [
    h('a', { class: 'as-link', href: app.href(`work/checklists/${checklist.code}${organisation ? `?organisation=${organisation}` : ''}`) }, checklist.name),
    `${known.get(checklist.code)?.items.length ?? ''} 项`,
    number,
    complete,
    missing ? h('span', { class: 'light red' }, icon('warn'), `缺 ${missing} 项`) : '0',
    unseen ? h('span', { class: 'light yellow' }, icon('clock'), `${unseen} 项`) : '0',
  ];
  return [
    h('h1', null, '清单'),
    h('p', { class: 'soft' }, '哪类地方该有哪些内容。看过一次就一直有效，不用每月再报；缺的一项可以转成工单，结案了就又有了。'),
    chooser(app, 'work/checklists', organisation, places),
    table('清单', ['清单', '要有', '几处', '齐全', '缺', '没有看过'], items.map(row)),
  ];
}

function chooser(app, place, organisation, places) {
  const select = h('select', { id: 'unit', onchange: () => app.go(`${place}${select.value ? `?organisation=${select.value}` : ''}`, { instead: true }) }, h('option', { value: '' }, '全部'), places.map(([code, name]) => h('option', { value: code, selected: code === organisation }, name)));
  return h('div', { class: 'card row days' }, h('div', { class: 'field' }, h('label', { for: 'unit' }, '单位'), select));
}

async function sites(app, code, again) {
  const organisation = new URLSearchParams(location.search).get('organisation') || undefined;
  const path = `/checklists/${encodeURIComponent(code)}`;
  const read = (cursor) => get(`${path}/sites`, { organisation, limit: 30, cursor });
  const [first, { items: lists }, places] = await Promise.all([read(), get('/checklists'), units(app)]);
  const checklist = lists.find((one) => one.code === code);
  const about = { app, path, checklist, again };
  return [
    h('p', null, h('a', { class: 'button', href: app.href('work/checklists') }, icon('back'), '全部清单')),
    h('h1', null, checklist?.name ?? '清单'),
    chooser(app, `work/checklists/${code}`, organisation, places),
    longTable({ caption: '各处', heads: ['哪里', '情况', '各项', ''], row: (site) => row(site, about), first, read, none: '没有这样的地方。' }),
  ];
}

const nameOf = (site) => site.compound?.name ?? site.organisation.name;

function row(site, about) {
  const [colour, name, words] = site.complete ? ['green', 'check', '齐全'] : site.missing ? ['red', 'warn', `缺 ${site.missing} 项`] : ['yellow', 'clock', '没有看完'];
  const may = looksHere(about.app.me, site);
  return [
    [h('strong', null, nameOf(site)), site.compound && h('p', { class: 'small soft' }, site.organisation.name)],
    [h('span', { class: `light ${colour}` }, icon(name), words), site.unseen > 0 && h('p', { class: 'small' }, `${site.unseen} 项没有看过`)],
    h('ul', { class: 'checks' }, site.items.map((item) => itemLine(site, item, may, about))),
    may && rowButton('登记看到的', nameOf(site), () => look(site, about), 'edit'),
  ];
}

/** Where one may look: in one's own community; supervisors in what they supervise. */
function looksHere(me, { organisation }) {
  return supervises(me, organisation.code) || me.posts.some((post) => LOOKERS.includes(post.role) && post.organisation.code === organisation.code);
}

function itemLine(site, item, may, about) {
  const [colour, name, words] = item.ticket ? ['yellow', 'clock', item.ticket.state_label] : item.present ? ['green', 'check', '有'] : item.present === null ? ['', 'more', '没有看过'] : ['red', 'warn', '缺'];
  return h(
    'li',
    null,
    h('span', { class: `light ${colour}` }, icon(name), words),
    h('span', null, item.name, item.seen_on && h('span', { class: 'small soft' }, ` ${item.seen_on} 看到`)),
    item.ticket && h('a', { class: 'as-link', href: about.app.href(`tickets/${item.ticket.id}`) }, item.ticket.number),
    may && item.present === false && !item.ticket && about.checklist?.category && rowButton('转工单', `${nameOf(site)} ${item.name}`, () => gap(site, item, about), 'ticket'),
  );
}

const placeOf = ({ compound, organisation }) => (compound ? { compound: compound.code } : { organisation: organisation.code });

/** What is there and what is not; what is ticked is there. */
async function look(site, { path, again }) {
  const missing = site.items.filter((item) => item.present === false).map((item) => item.code);
  const done = await ask({
    title: `${nameOf(site)}：看到的`,
    says: '把缺的勾上，没有勾的就是有。',
    fields: [{ name: 'missing', words: '缺哪几项', kind: 'many', optional: true, options: site.items.map(({ code, name }) => [code, name]), value: missing }],
    words: '登记',
    path: `${path}/looks`,
    shape: ({ missing: codes }) => ({ ...placeOf(site), items: (codes ?? []).map((item) => ({ item, present: false })), all_present: true }),
    done: '已登记',
  });
  if (done) await again();
}

async function gap(site, item, { path, again }) {
  const cells = !site.compound && (await get('/cells', { organisation: site.organisation.code, limit: 100 })).items;
  const done = await ask({
    title: `${item.name}：转成工单`,
    says: `${nameOf(site)}缺这一项。转成工单派出去，结案以后这一项就又有了。`,
    fields: [
      photoField({ name: 'photo_ids', words: '照片', hint: '至少一张，拍应当有而没有的地方。', least: 1 }),
      cells && { name: 'cell', words: '在哪个网格', kind: 'choice', options: cells.map(({ code, name }) => [code, name]), none: '看照片的位置' },
      { name: 'description', words: '说明', kind: 'area', optional: true, most: 500 },
    ].filter(Boolean),
    words: '转工单',
    path: `${path}/tickets`,
    shape: ({ cell, description, ...body }) => ({ ...placeOf(site), item: item.code, ...body, ...(cell && { cell }), ...(description && { description }) }),
    done: '已成工单',
  });
  if (done) await again();
}
