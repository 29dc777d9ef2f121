// One compound: what it is, the companies in contract from when to when, its checkpoints, its outline.

import { get, getAll } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { checkpointFields, contentFields } from './compounds.js';
import { retiredWords, span, stateOf, today } from './days.js';
import { COMMUNITIES, choices, directory, inUse } from './directory.js';
import { back } from './organisations.js';
import { groundMap, shortName } from './outlines.js';
import { actButton, facts, mark, rowButton, section, table } from './tables.js';

const STATES = { now: ['现在的', 'green'], coming: ['还没开始', 'yellow'], over: ['已结束', ''] };

export async function oneCompound(app, code, again) {
  const path = `/compounds/${encodeURIComponent(code)}`;
  const { name } = await get(path);
  return { title: name, parts: async () => shown(app, await get(path), { path, again, known: await directory(app) }) };
}

async function shown(app, compound, about) {
  const may = inUse(compound);
  const { features } = await get('/cells.geojson', { organisation: compound.organisation.code });
  return [
    back(app, `admin/compounds?organisation=${compound.organisation.code}`, `${compound.organisation.name}的小区`),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, compound.name), compound.retired_on && mark(retiredWords(compound.retired_on), 'yellow'), may && actButton('修改', () => change(compound, about), { name: 'edit' }), may && actButton('停用', () => retire(compound, about), { name: 'stop', danger: true })),
    h('div', { class: 'card' }, facts([['编码', compound.code], ['社区（村）', compound.organisation.name], ['类型', compound.kind_label], ['楼栋', compound.buildings], ['户数', compound.households], ['启用', `${compound.in_service_on} 起`], ['所在网格', compound.cells.map(({ name }) => name).join('、') || '没有']])),
    section('物业合同', may && actButton('换物业', () => contract(compound, about), { name: 'edit' }), contracts(compound)),
    section('点位', may && actButton('加点位', () => addCheckpoint(compound, about), { name: 'plus' }), checkpoints(compound, about, may)),
    section('轮廓', may && [actButton(compound.outline ? '换轮廓' : '加轮廓', () => redraw(compound, about), { name: 'edit' }), compound.outline && actButton('去掉轮廓', () => undraw(compound, about), { name: 'trash', danger: true })], drawing(compound, features)),
    h('p', null, h('a', { class: 'as-link', href: app.href(`admin/log?subject=${compound.code}`) }, '看变更记录')),
  ];
}

function drawing({ name, outline }, features) {
  const cells = { features, kind: 'cell-line', words: ({ properties }) => properties.name, label: ({ properties }) => shortName(properties.name) };
  const own = outline && { features: [{ geometry: outline }], kind: 'own', words: () => name };
  return [!outline && h('p', { class: 'soft' }, '没有轮廓：上报时按位置认不出这个小区，要自己选。'), groundMap(`${name}的轮廓和社区的网格`, [cells, own].filter(Boolean))];
}

/** All that a change of it must repeat: what is left out would be gone. */
function whole({ name, organisation, kind, buildings, households, outline }) {
  return { name, organisation: organisation.code, kind, buildings, households, outline };
}

async function change(compound, { path, again, known }) {
  const done = await ask({
    title: `修改${compound.name}`,
    fields: contentFields([...new Map([[compound.organisation.code, compound.organisation.name], ...choices(known.own, COMMUNITIES)])], compound),
    words: '保存',
    method: 'PUT',
    path,
    shape: (body) => ({ ...body, outline: compound.outline }),
    done: '已保存',
  });
  if (done) await again();
}

async function retire(compound, { path, again }) {
  const done = await ask({
    title: `停用${compound.name}？`,
    says: '从那天起不再巡查，不能在这里上报。停用后不能恢复，编码不能再用；以前的工单和巡查都保留，没办结的接着办。',
    fields: [{ name: 'on', words: '从哪天起停用', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '停用',
    danger: true,
    path: `${path}/retire`,
    done: '已停用',
  });
  if (done) await again();
}

function contracts({ contracts: list }) {
  const row = (one) => [one.company.name, span(one), mark(...STATES[stateOf(one)])];
  return table('物业合同', ['物业公司', '起止', '状态'], [...list].reverse().map(row), '没有签过物业合同：工单由社区（村）自己办。');
}

async function contract(compound, { path, again }) {
  const companies = choices(await getAll('/organisations', { type: 'property_company' }));
  const done = await ask({
    title: `${compound.name}换物业`,
    says: '没办结的工单还在原来的公司，重新派遣后才换。同一天再写一次就是更正。',
    fields: [
      { name: 'company', words: '物业公司', kind: 'choice', options: companies, none: '无物业，由社区（村）自己办', value: compound.company?.code },
      { name: 'from_on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' },
    ],
    words: '从那天起换',
    path: `${path}/contract`,
    done: '已写入合同',
  });
  if (done) await again();
}

function checkpoints(compound, about, may) {
  const row = (one) => [one.name, one.area_label, may && [rowButton('修改', one.name, () => changeCheckpoint(one, about), 'edit'), rowButton('停用', one.name, () => retireCheckpoint(one, about), 'stop')]];
  return table('点位', ['点位', '部位', ''], compound.checkpoints.map(row), '没有点位：到了小区，点一下就算走完。');
}

async function addCheckpoint(compound, { path, again }) {
  const done = await ask({ title: `${compound.name}加点位`, says: '停用过的点位，按原名再加就是恢复使用。', fields: checkpointFields(), words: '加点位', path: `${path}/checkpoints`, done: '已加点位' });
  if (done) await again();
}

async function changeCheckpoint(one, { path, again }) {
  const done = await ask({ title: `修改点位${one.name}`, fields: checkpointFields(one), words: '保存', method: 'PUT', path: `${path}/checkpoints/${one.id}`, done: '已保存' });
  if (done) await again();
}

async function retireCheckpoint(one, { path, again }) {
  const done = await ask({
    title: `停用点位${one.name}？`,
    says: '从那天起巡查不再看这里；以前的记录都保留。按原名再加就是恢复。',
    fields: [{ name: 'on', words: '从哪天起停用', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '停用',
    danger: true,
    path: `${path}/checkpoints/${one.id}/retire`,
    done: '点位已停用',
  });
  if (done) await again();
}

async function redraw(compound, { path, again }) {
  const done = await ask({
    title: `${compound.name}的轮廓`,
    says: '要在所属社区的网格里。从现在起，在这个范围里的上报自动认出这个小区。',
    fields: [{ name: 'outline', words: 'GeoJSON 文件', kind: 'outline', hint: 'WGS-84 坐标，里面一个 Polygon 或 MultiPolygon。' }],
    words: '就用这个轮廓',
    method: 'PUT',
    path,
    shape: ({ outline }) => ({ ...whole(compound), outline }),
    done: '轮廓已写入',
  });
  if (done) await again();
}

async function undraw(compound, { path, again }) {
  const done = await ask({
    title: `去掉${compound.name}的轮廓？`,
    says: '以后按位置认不出这个小区，上报时要自己选。',
    words: '去掉轮廓',
    danger: true,
    method: 'PUT',
    path,
    shape: () => ({ ...whole(compound), outline: null }),
    done: '轮廓已去掉',
  });
  if (done) await again();
}
