// Redrawing cells from a file: what would change, what cannot be done and why; then, from a day on.

import { NoAnswer, get, send } from '../../faces/api.js';
import { fill, h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { today } from './days.js';
import { directory } from './directory.js';
import { field } from './fields.js';
import { back } from './organisations.js';
import { groundMap, readJson, shortName } from './outlines.js';
import { section, table } from './tables.js';

const CHANGES = { new: '新设', redrawn: '重划', unchanged: '轮廓不变', retired: '停用' };

export function importPage(app) {
  return { title: '导入网格图', parts: () => shown(app) };
}

async function shown(app) {
  const { town } = await directory(app);
  const { features: standing } = await get('/cells.geojson', { organisation: town?.code });
  const file = h('input', { id: 'file', type: 'file', accept: '.geojson,.json', onchange: forgetPreview });
  const day = field({ name: 'from_on', words: '从哪天起', kind: 'day', value: today() });
  day.node.addEventListener('input', forgetPreview);
  const retire = field({ name: 'retire', words: '同时停用的网格', kind: 'many', options: standing.map(({ properties: { code, name } }) => [code, name]), value: [], hint: '停用的地方要由别的网格接过去，不能空着。文件里没有、这里也没选的网格不动。' });
  retire.node.addEventListener('input', forgetPreview);
  const fault = h('p', { class: 'fault', role: 'alert' });
  const result = h('div', { class: 'stack' });
  const button = h('button', { class: 'button main' }, '看会变什么');

  /** What is shown was of another file, another day. */
  function forgetPreview() {
    fill(result);
    fault.textContent = '';
  }

  async function preview(event) {
    event.preventDefault();
    forgetPreview();
    button.disabled = true;
    try {
      const body = { features: asAsked(await readJson(file.files[0])), retire: retire.value(), from_on: day.value() || null, dry_run: true };
      const found = await send('POST', '/cells/redraw', { body });
      fill(result, previewed(found, body, standing, () => write(app, found, body)));
      result.querySelector('h2').focus({ preventScroll: true });
      result.scrollIntoView({ block: 'start' });
    } catch (error) {
      fault.textContent = error instanceof NoAnswer ? '没有连上服务器，请再点一次。' : error.title ? `${error.title}。${error.detail ?? ''}` : error.message;
      fault.scrollIntoView({ block: 'nearest' });
    }
    button.disabled = false;
  }

  return [
    back(app, 'admin/cells', '网格'),
    h('h1', null, '导入网格图'),
    h(
      'form',
      { class: 'card import-form', novalidate: true, onsubmit: preview },
      h('p', { class: 'soft' }, 'GeoJSON 的 FeatureCollection，WGS-84 坐标；每个网格有 code（编码）、name（名称）、organisation（社区或村的编码），可以有 wardens（网格员的用户名）。只写要改的和新设的。'),
      h('div', { class: 'fields' }, h('div', { class: 'field' }, h('label', { for: 'file' }, '网格图文件'), file), day.node),
      h('details', null, h('summary', null, '要停用网格'), retire.node),
      fault,
      h('div', { class: 'row' }, button, h('span', { class: 'small soft' }, '只是看，不会写入。')),
    ),
    result,
  ];
}

/** A file as the API takes it: communities by their codes, codes as text. */
function asAsked(document_) {
  if (!Array.isArray(document_?.features)) throw new Error('文件不是 GeoJSON 的 FeatureCollection。');
  const one = (feature) => {
    const { code, name, organisation, wardens } = feature?.properties ?? {};
    const properties = { code: code && String(code), name, organisation: organisation?.code ?? (organisation && String(organisation)), ...(wardens && { wardens }) };
    return { type: 'Feature', properties, geometry: feature?.geometry ?? null };
  };
  return { type: 'FeatureCollection', ...(document_.crs && { crs: document_.crs }), features: document_.features.map(one) };
}

function previewed(found, body, standing, act) {
  const count = (change) => found.cells.filter((one) => one.change === change).length;
  const sums = Object.entries(CHANGES).filter(([change]) => count(change)).map(([change, words]) => `${words} ${count(change)} 个`);
  const heading = h('h2', { tabindex: '-1' }, `${found.from_on} 起：${sums.join('，') || '没有变动'}`);
  return [
    heading,
    found.faults.length
      ? h('div', { class: 'note red', role: 'alert' }, h('div', { class: 'stack tight' }, h('strong', null, `有 ${found.faults.length} 处错误，不能写入。请改好文件再导入：`), h('ul', { class: 'faults' }, found.faults.map((words) => h('li', null, words)))))
      : h('div', { class: 'note' }, h('div', { class: 'row wrap grow' }, h('p', { class: 'grow' }, '没有错误，可以写入。写入以前什么都没有变。'), h('button', { type: 'button', class: 'button main', onclick: act }, '写入'))),
    map(found, body, standing),
    section('网格', null, table('网格的变动', ['网格', '编码', '变动', '原来（平方米）', '以后（平方米）'], found.cells.map((one) => [one.name, one.code, CHANGES[one.change], area(one.before_m2), area(one.after_m2)]))),
    section('换了网格的地块', null, table('换了网格的地块', ['从', '到', '平方米'], found.moves.map((one) => [one.from_cell?.name ?? '原来不属于任何网格', one.to_cell?.name ?? '以后不属于任何网格', area(one.area_m2)]), '没有地块换网格。')),
    section('所跨网格有变的小区', null, table('所跨网格有变的小区', ['小区', '原来', '以后'], found.compounds.map((one) => [one.compound.name, names(one.from_cells), names(one.to_cells)]), '没有。')),
    h('p', { class: 'card' }, found.effects.map(({ label, count: number }) => (number ? `${number} 件${label}的位置落到别的网格，它们自己的记录不变。` : `没有${label}的位置落到别的网格。`)).join('')),
  ];
}

const area = (square) => (square === null ? '—' : Math.round(square).toLocaleString('zh-CN'));
const names = (cells) => cells.map(({ name }) => name).join('、') || '没有';

/** What there was is dashed, what there will be is coloured by what becomes of it. */
function map(found, body, standing) {
  const changes = new Map(found.cells.map(({ code, change }) => [code, change]));
  const drawable = body.features.features.filter(({ geometry }) => ['Polygon', 'MultiPolygon'].includes(geometry?.type) && Array.isArray(geometry.coordinates?.[0]));
  const words = ({ properties: { code, name } }) => `${name}：${CHANGES[changes.get(code)] ?? '不动'}`;
  const label = ({ properties }) => shortName(properties.name ?? '');
  const drawn = new Set(drawable.map(({ properties }) => properties.code));
  const layers = [
    { features: standing.filter(({ properties }) => !drawn.has(properties.code)), kind: ({ properties }) => (body.retire.includes(properties.code) ? 'retired' : 'cell-line'), words, label },
    { features: drawable, kind: ({ properties }) => changes.get(properties.code) ?? 'new', words, label },
    { features: standing.filter(({ properties }) => drawn.has(properties.code)), kind: 'was', words },
  ];
  const sample = (kind, text) => h('li', null, h('span', { class: `swatch ${kind}` }), text);
  const legend = h('ul', { class: 'map-legend', 'aria-label': '图例' }, Object.entries(CHANGES).map(([kind, text]) => sample(kind, text)), sample('was', '原来的轮廓'));
  try {
    const whole = groundMap('重划以后的网格图', layers, [...drawable, ...standing.filter(({ properties }) => body.retire.includes(properties.code))]);
    whole.append(legend);
    return whole;
  } catch {
    return null; // Outlines that cannot be drawn are told as faults.
  }
}

async function write(app, found, body) {
  const retired = body.retire.length ? `，停用 ${body.retire.length} 个（不能恢复）` : '';
  const done = await ask({
    title: '写入网格图？',
    says: [`从 ${found.from_on} 起按新的轮廓找网格：新设、改动 ${found.cells.length - body.retire.length} 个${retired}。`, '以前的工单、巡查保留当时的网格。同一天再导入一次，就是更正。'],
    words: '写入',
    danger: true,
    path: '/cells/redraw',
    shape: () => ({ ...body, dry_run: false }),
    done: '网格图已写入',
  });
  if (done) await app.go('admin/cells');
}
