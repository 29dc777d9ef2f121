// Compounds by community, and a new one.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { oneCompound } from './compound.js';
import { COMMUNITIES, choices, directory, townChooser } from './directory.js';
import { actButton, longTable } from './tables.js';
import { AREAS, COMPOUND_KINDS } from './words.js';

const AT_ONCE = 50;

export function page(app, code, again) {
  return code ? oneCompound(app, code, again) : { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search).get('organisation');
  const known = await directory(app);
  const communities = choices(known.own, COMMUNITIES);
  const read = (cursor) => get('/compounds', { organisation: asked ?? known.town?.code, limit: AT_ONCE, cursor });
  const first = await read();
  const select = h('select', { id: 'community', onchange: () => app.go(select.value ? `admin/compounds?organisation=${select.value}` : 'admin/compounds') }, h('option', { value: '' }, '全部'), communities.map(([code, name]) => h('option', { value: code, selected: code === asked }, name)));
  return [
    h('div', { class: 'row wrap days' }, h('h1', { class: 'grow' }, '小区'), townChooser(app, known, 'admin/compounds'), h('div', { class: 'field' }, h('label', { for: 'community' }, '社区（村）'), select), actButton('新建小区', () => make(app, communities, asked), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '列出今天在用的。停用的小区不在这里，从变更记录里可以打开。'),
    longTable({ caption: '小区', heads: ['小区', '编码', '社区（村）', '类型', '物业公司', '楼栋', '户数'], row: (one) => row(app, one), first, read, none: '这里没有在用的小区。' }),
  ];
}

function row(app, one) {
  const name = h('a', { class: 'as-link', href: app.href(`admin/compounds/${one.code}`) }, one.name);
  return [name, one.code, one.organisation.name, one.kind_label, one.company?.name ?? h('span', { class: 'soft' }, '无物业'), one.buildings, one.households];
}

/** What a compound is, for making one and for changing it. */
export function contentFields(communities, compound = {}) {
  return [
    { name: 'name', words: '名称', value: compound.name, most: 80 },
    { name: 'organisation', words: '社区（村）', kind: 'choice', options: communities, value: compound.organisation?.code },
    { name: 'kind', words: '类型', kind: 'choice', options: Object.entries(COMPOUND_KINDS), value: compound.kind },
    { name: 'buildings', words: '楼栋', kind: 'number', value: compound.buildings, min: 0 },
    { name: 'households', words: '户数', kind: 'number', value: compound.households, min: 0 },
  ];
}

/** A checkpoint's two fields. */
export function checkpointFields(checkpoint = {}) {
  return [
    { name: 'name', words: '点位名称', value: checkpoint.name, most: 80 },
    { name: 'area', words: '部位', kind: 'choice', options: Object.entries(AREAS), value: checkpoint.area },
  ];
}

async function make(app, communities, asked) {
  const made = await ask({
    title: '新建小区',
    fields: [
      { name: 'code', words: '编码', value: asked ? `${asked}C` : '', most: 32, hint: '如社区编码后加 C01。定了就不能改。' },
      ...contentFields(communities, { organisation: { code: asked } }),
      { name: 'in_service_on', words: '从哪天起使用', kind: 'day', optional: true, hint: '不填就是今天。' },
      { name: 'checkpoints', words: '点位', kind: 'rows', fields: checkpointFields, fresh: () => ({}), add: '加一个点位', hint: '按巡查的顺序。以后还可以增减。', value: [{ name: '主出入口', area: 'main_entrance' }] },
    ],
    words: '新建',
    path: '/compounds',
    done: '已新建，请接着写物业合同',
  });
  if (made) await app.go(`admin/compounds/${made.code}`);
}
