// Records of what was done: the list, and one of them with its review.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { actButton, facts, longTable, mark, section } from '../admin/tables.js';
import { enlarge } from '../evidence.js';
import { exact } from '../paper.js';
import { supervises, units } from '../units.js';
import { correct, wasSaid } from './correcting.js';

const STATES = { recorded: ['已记录', 'green'], waiting: ['待审核', 'yellow'], accepted: ['已通过', 'green'], returned: ['已退回', 'red'], withdrawn: ['已撤回', ''] };
const ONE = ['organisation', 'from_on', 'to_on'];
const SEVERAL = ['kind', 'state'];
/** Of a community its lead and wardens keep the records, of a town its office. */
const KEEPERS = ['lead', 'warden', 'supervisor'];

export function page(app, rest, again) {
  return rest ? oneRecord(app, rest, again) : { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const narrowed = { limit: 30 };
  for (const name of ONE) if (asked.get(name)) narrowed[name] = asked.get(name);
  for (const name of SEVERAL) narrowed[name] = asked.getAll(name).filter(Boolean);
  const read = (cursor) => get('/records', { ...narrowed, cursor });
  const [first, places, { items: kinds }] = await Promise.all([read(), units(app), get('/records/kinds')]);
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '记录'), h('a', { class: 'button', href: app.href('work/records?state=waiting') }, icon('compare'), '只看待审核的')),
    filters(app, asked, places, kinds),
    longTable({ caption: '记录', heads: ['照片', '做了什么', '种类', '单位', '哪天', '状态'], row: (one) => row(app, one), first, read, none: '没有符合条件的记录。' }),
  ];
}

function filters(app, asked, places, kinds) {
  const choose = (name, words, options) => {
    const chosen = asked.getAll(name);
    const several = chosen.length > 1 && h('option', { value: chosen.join(' '), selected: true }, `所选的 ${chosen.length} 种`);
    return h('div', { class: 'field' }, h('label', { for: `r-${name}` }, words), h('select', { id: `r-${name}`, name }, h('option', { value: '' }, '全部'), several, options.map(([code, label]) => h('option', { value: code, selected: chosen.length === 1 && chosen[0] === code }, label))));
  };
  const day = (name, words) => h('div', { class: 'field' }, h('label', { for: `r-${name}` }, words), h('input', { id: `r-${name}`, name, type: 'date', value: asked.get(name) }));
  const form = h('form', { class: 'card row wrap days', 'aria-label': '筛选', onsubmit: submit }, choose('organisation', '单位', places), choose('kind', '种类', kinds.map(({ code, name }) => [code, name])), choose('state', '状态', Object.entries(STATES).map(([code, [words]]) => [code, words])), day('from_on', '从'), day('to_on', '到'), h('button', { class: 'button main' }, '查询'), h('a', { class: 'quiet', href: app.href('work/records') }, icon('cross'), '清除'));
  function submit(event) {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) for (const one of value.split(' ')) if (one) query.append(name, one);
    app.go(`work/records?${query}`);
  }
  return form;
}

const kindsOf = (one) => one.kinds.map(({ name }) => name).join('、');

function row(app, one) {
  const [photo] = one.photos;
  return h(
    'tr',
    null,
    h('td', { class: 'covers' }, photo ? h('img', { src: photo.urls.thumb, alt: '', loading: 'lazy', width: 56, height: 56 }) : h('span', { class: 'soft small' }, '没有照片')),
    h('td', null, h('a', { class: 'whole', href: app.href(`work/records/${one.id}`) }, h('strong', null, one.subject), one.place && h('span', { class: 'small' }, one.place), one.links.length > 0 && h('span', { class: 'small soft' }, `${one.links.length} 个网址`))),
    h('td', null, kindsOf(one), one.quantity !== null && h('p', { class: 'small soft' }, `数字 ${one.quantity}`)),
    h('td', null, one.organisation.name, one.compound && h('p', { class: 'small soft' }, one.compound.name)),
    h('td', { class: 'instant' }, one.happened_on),
    h('td', null, mark(one.state_label, STATES[one.state]?.[1])),
  );
}

async function oneRecord(app, id, again) {
  const path = `/records/${encodeURIComponent(id)}`;
  const [{ subject }, { items: kinds }] = await Promise.all([get(path), get('/records/kinds')]);
  const names = new Map(kinds.map(({ code, name }) => [code, name]));
  return { title: subject, parts: async () => shown(app, await get(path), { path, again, names }) };
}

function shown(app, one, about) {
  return [
    h('p', null, h('a', { class: 'button', href: app.href('work/records') }, icon('back'), '全部记录')),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, one.subject), mark(one.state_label, STATES[one.state]?.[1])),
    h('div', { class: 'card stack' }, facts([['单位', one.organisation.name], one.compound && ['小区', one.compound.name], ['种类', kindsOf(one)], ['哪天', one.happened_on], one.place && ['在哪里', one.place], one.quantity !== null && ['数字', one.quantity], ['谁记录的', one.recorded_by], ['收到', exact(one.received_at)]]), one.note && h('p', null, one.note), one.links.map((link) => h('p', null, h('a', { class: 'as-link', href: link, target: '_blank', rel: 'noreferrer noopener' }, link)))),
    actsOf(app, one, about),
    one.photos.length > 0 && h('ul', { class: 'row wrap record-photos' }, one.photos.map((photo, index) => h('li', null, h('button', { type: 'button', onclick: () => enlarge([{ role: 'process', photo }]) }, h('img', { src: photo.urls.display, alt: `照片 ${index + 1}，点开放大` }))))),
    one.changes.length > 0 && section('更正和审核', null, h('ol', { class: 'timeline' }, one.changes.map((change) => h('li', null, h('p', null, h('strong', null, change.action_label), ` ${change.actor}`, h('span', { class: 'soft small' }, ` ${exact(change.at)}`)), change.note && h('p', null, change.note), change.before && wasSaid(change.before, saidAfter(one, change), about.names))))),
  ];
}

/** What a record said after a change: what was put right next, or what it says now. */
function saidAfter(one, change) {
  const next = one.changes.slice(one.changes.indexOf(change) + 1).find(({ before }) => before);
  return next?.before ?? { ...one, kinds: one.kinds.map(({ code }) => code), photo_ids: one.photos.map(({ id }) => id) };
}

/** Supervisors review what waits; who keeps the unit's records puts right and takes back. */
function actsOf(app, one, about) {
  const reviews = one.state === 'waiting' && supervises(app.me, one.organisation.code);
  const keeps = one.state !== 'withdrawn' && app.me.posts.some(({ role, organisation }) => KEEPERS.includes(role) && organisation.code === one.organisation.code);
  if (!reviews && !keeps) return null;
  return h('div', { class: 'row wrap' }, reviews && [actButton('通过', () => act(one, about, ACTS.accept), { name: 'check', main: true }), actButton('退回', () => act(one, about, ACTS.return), { name: 'redo' })], keeps && [actButton('更正', () => put(one, about), { name: 'edit' }), actButton('撤回', () => act(one, about, ACTS.withdraw), { name: 'undo', danger: true })]);
}

async function put(one, { path, again }) {
  if (await correct(one, path)) await again();
}

const note = (words, optional) => [{ name: 'note', words, kind: 'area', most: 500, optional }];
const ACTS = {
  accept: { verb: 'accept', title: '通过这条记录？', says: '通过以后算完成。', fields: note('说明', true), words: '通过', done: '已通过' },
  return: { verb: 'return', title: '退回这条记录', says: '退回的改好可以再交，改好以前不算。', fields: note('为什么退回', false), words: '退回', done: '已退回' },
  withdraw: { verb: 'withdraw', title: '撤回这条记录？', says: '撤回的不再计数，仍可查看。', fields: note('说明', true), words: '撤回', danger: true, done: '已撤回' },
};

async function act(one, { path, again }, { verb, ...more }) {
  const shape = ({ note: words }) => ({ version: one.version, ...(words && { note: words }) });
  if (await ask({ path: `${path}/${verb}`, shape, ...more })) await again();
}
