// Matters with a life of their own: the list by kind, one of them with its stages, and a new one.

import { get } from '../../faces/api.js';
import { h, sheet } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { actButton, facts, longTable, mark, section } from '../admin/tables.js';
import { exact } from '../paper.js';
import { photoField } from '../photofield.js';
import { surroundings } from '../places.js';
import { plansFor, supervises, units, writtenFor } from '../units.js';
import { photosOf } from './photos.js';

const ONLY = { open: '没有结束的', overdue: '下一步过期的', expiring: '快到期的' };
const BY = { community: '社区', lead: '社区负责人', town: '创建办' };

export function page(app, rest, again) {
  return rest ? one(app, rest, again) : { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const only = Object.keys(ONLY).find((name) => asked.get(name)) ?? (asked.has('all') ? null : 'open');
  const narrowed = { kind: asked.get('kind') || undefined, organisation: asked.get('organisation') || undefined, ...(only && { [only]: 1 }), limit: 50 };
  const read = (cursor) => get('/cases', { ...narrowed, cursor });
  const [first, { items: kinds }, places] = await Promise.all([read(), get('/cases/kinds'), units(app)]);
  const link = (name, words) => {
    const query = new URLSearchParams([...asked].filter(([key]) => key === 'kind' || key === 'organisation'));
    query.set(name, '1');
    return h('a', { href: app.href(`work/cases?${query}`), 'aria-current': (only ?? 'all') === name ? 'page' : null }, words);
  };
  const mayOpen = app.me.posts.some(({ role }) => ['lead', 'supervisor'].includes(role));
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '专项'), mayOpen && actButton('立一个', () => begin(app, kinds, writtenFor(app.me, places)), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '有自己过程的事，一步一步走；同一处 90 天内第三次出现的问题每天早上自动立。不写居民姓名和房号。'),
    h('nav', { class: 'quick', 'aria-label': '哪些' }, Object.entries(ONLY).map(([name, words]) => link(name, words)), link('all', '全部')),
    filters(app, asked, kinds, places),
    longTable({ caption: '专项', heads: ['事由', '种类', '哪里', '走到', '下一步最晚', '到期'], row: (each) => row(app, each), first, read, none: '没有这样的专项。' }),
  ];
}

function filters(app, asked, kinds, places) {
  const choose = (name, words, options) => h('div', { class: 'field' }, h('label', { for: `c-${name}` }, words), h('select', { id: `c-${name}`, name, onchange: go }, h('option', { value: '' }, '全部'), options.map(([code, label]) => h('option', { value: code, selected: asked.get(name) === code }, label))));
  const form = h('form', { class: 'card row days', 'aria-label': '筛选', onsubmit: (event) => event.preventDefault() }, choose('kind', '种类', kinds.map(({ code, name }) => [code, name])), choose('organisation', '单位', places));
  function go() {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    for (const name of [...Object.keys(ONLY), 'all']) if (asked.get(name)) query.set(name, '1');
    app.go(`work/cases?${query}`, { instead: true });
  }
  return form;
}

function dueMark(day) {
  if (!day) return '—';
  return day < today() ? h('span', { class: 'light red' }, icon('warn'), day) : h('span', { class: 'instant' }, day);
}

function row(app, each) {
  return [h('a', { class: 'as-link', href: app.href(`work/cases/${each.id}`) }, each.title), each.kind.name, [each.compound?.name ?? each.organisation.name, each.compound && h('p', { class: 'small soft' }, each.organisation.name)], standing(each), dueMark(each.due_on), dueMark(each.expires_on)];
}

function standing(each) {
  if (each.dropped_because) return mark('已终止');
  return each.closed_at ? mark(`${each.stage_label}，已结束`, 'green') : mark(each.stage_label, 'yellow');
}

/** The fields of a kind as a form asks for them. */
function kindFields(fields, values = {}) {
  const kinds = { text: {}, date: { kind: 'day' }, number: { kind: 'number' } };
  return fields.map(({ code, name, kind, choices, expires }) => ({ name: `fields.${code}`, words: name, optional: true, value: values[code], most: 200, hint: expires ? '到期前 30 天列入“快到期的”。' : undefined, ...(kind === 'choice' ? { kind: 'choice', options: choices.map((each) => [each, each]), none: '不写' } : kinds[kind]) }));
}

/** What every step asks for; a note or photos only where the step needs them. */
function stepFields({ needs }, fields, values) {
  return [
    { name: 'done_on', words: '哪天', kind: 'day', value: today() },
    { name: 'note', words: '说明', kind: 'area', most: 1000, optional: !needs.includes('note') },
    photoField({ name: 'photo_ids', words: needs.includes('photo') ? '照片' : '照片（可不填）', least: needs.includes('photo') ? 1 : 0 }),
    ...kindFields(fields, values),
  ];
}

function said({ note, fields, ...body }) {
  const filled = Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== '');
  return { ...body, ...(note && { note }), ...(filled.length && { fields: Object.fromEntries(filled) }) };
}

async function begin(app, kinds, places) {
  const byHand = kinds.filter(({ opens }) => opens !== 'repeats');
  const chosen = await chooseKind(byHand);
  if (!chosen) return;
  const { compounds } = await surroundings();
  const own = compounds.filter(({ organisation }) => plansFor(app.me, organisation.code)).map(({ code, name, organisation }) => [code, `${name}（${organisation.name}）`]);
  const where = chosen.about === 'compound' ? { name: 'compound', words: '小区', kind: 'choice', options: own } : { name: 'organisation', words: '单位', kind: 'choice', options: places };
  const open = chosen.opens === 'spanning' && (await get('/tickets', { state: ['reported', 'dispatched'], limit: 100 })).items;
  const made = await ask({
    title: `${chosen.name}：${chosen.stages[0].name}`,
    fields: [
      { name: 'title', words: '事由', most: 120, hint: '一句话；不写居民姓名和房号。' },
      where,
      open && { name: 'tickets', words: '涉及的工单（至少两张）', kind: 'many', options: open.map((ticket) => [ticket.id, `${ticket.number} ${ticket.category.name} ${ticket.responsible?.name ?? ''}`]) },
      ...stepFields(chosen.stages[0], chosen.fields),
    ].filter(Boolean),
    words: '立',
    path: '/cases',
    shape: ({ title, compound, organisation, tickets, ...rest }) => ({ kind: chosen.code, title, ...(compound && { compound }), ...(organisation && { organisation }), ...(tickets && { tickets }), ...said(rest) }),
    done: '已立',
  });
  if (made) await app.go(`work/cases/${made.id}`);
}

function chooseKind(kinds) {
  return sheet('立哪一类', (close) => h('div', { class: 'phrases' }, kinds.map((kind) => h('button', { type: 'button', class: 'button', onclick: () => close(kind) }, kind.name))));
}

async function one(app, id, again) {
  const path = `/cases/${encodeURIComponent(id)}`;
  const { title } = await get(path);
  return {
    title,
    parts: async () => {
      const [whole, { items: kinds }] = await Promise.all([get(path), get('/cases/kinds')]);
      return shown(app, whole, { path, again, fields: kinds.find(({ code }) => code === whole.kind.code)?.fields ?? [] });
    },
  };
}

/** Whether a post allows a step. */
function mayRecord(me, whole, { by }) {
  const here = ({ role, organisation }) => organisation.code === whole.organisation.code && (role === 'lead' || (role === 'warden' && by === 'community'));
  return supervises(me, whole.organisation.code) || (by !== 'town' && me.posts.some(here));
}

function shown(app, whole, about) {
  const isOpen = !whole.closed_at && !whole.dropped_because;
  const steps = isOpen ? whole.next.filter((step) => mayRecord(app.me, whole, step)) : [];
  const others = isOpen ? whole.next.filter((step) => !steps.includes(step)) : [];
  const filled = Object.entries(whole.fields).map(([code, value]) => [whole.field_names[code] ?? code, String(value)]);
  const button = (step, index) => actButton(step.name, () => record(step, whole, about), { name: 'plus', main: index === 0 });
  return [
    h('p', null, h('a', { class: 'button', href: app.href('work/cases') }, icon('back'), '全部专项')),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, whole.title), standing(whole)),
    h('div', { class: 'card stack' }, facts([['种类', whole.kind.name], ['单位', whole.organisation.name], whole.compound && ['小区', whole.compound.name], ['立的时间', exact(whole.opened_at)], whole.due_on && ['下一步最晚', whole.due_on], whole.expires_on && ['到期', whole.expires_on], ...filled]), whole.dropped_because && h('p', { class: 'note amber' }, `已终止：${whole.dropped_because}`)),
    whole.tickets.length > 0 && h('ul', { class: 'sums' }, whole.tickets.map((ticket) => h('li', null, h('a', { href: app.href(`tickets/${ticket.id}`) }, ticket.number)))),
    isOpen && h('div', { class: 'row wrap' }, steps.map(button), plansFor(app.me, whole.organisation.code) && actButton('终止', () => drop(whole, about), { name: 'stop', danger: true })),
    others.length > 0 && h('p', { class: 'soft' }, `等待：${others.map(({ name, by }) => `${name}（${BY[by]}）`).join('、')}`),
    section('经过', null, h('ol', { class: 'timeline' }, [...whole.steps].reverse().map(stepLine))),
  ];

  function stepLine(step) {
    const more = Object.entries(step.fields).map(([code, value]) => `${whole.field_names[code] ?? code} ${value}`);
    return h('li', null, h('p', null, h('strong', null, step.step_label), ` ${step.done_on}`, h('span', { class: 'small soft' }, ` ${step.by ?? '自动'}`)), step.note && h('p', null, step.note), more.length > 0 && h('p', { class: 'small' }, more.join('，')), photosOf(step.photo_ids));
  }
}

async function record(step, whole, { path, again, fields }) {
  const done = await ask({ title: step.name, says: step.days ? `记下以后，${step.days} 个工作日以内走下一步。` : [], fields: stepFields(step, fields, whole.fields), words: '记下', path: `${path}/steps`, shape: (body) => ({ step: step.code, version: whole.version, ...said(body) }), done: '已记下' });
  if (done) await again();
}

async function drop(whole, { path, again }) {
  const done = await ask({ title: '终止这个专项？', says: '不再走下去，记录都保留。', fields: [{ name: 'note', words: '为什么终止', kind: 'area', most: 1000 }], words: '终止', danger: true, path: `${path}/drop`, shape: ({ note }) => ({ version: whole.version, note }), done: '已终止' });
  if (done) await again();
}
