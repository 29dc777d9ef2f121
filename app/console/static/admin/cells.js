// Cells: on a map and in a table; a name, the wardens; new outlines come from a file.

import { get, getAll } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { importPage } from './cellimport.js';
import { today } from './days.js';
import { COMMUNITIES, choices, directory, townChooser } from './directory.js';
import { groundMap, saved, shortName } from './outlines.js';
import { rowButton, table } from './tables.js';

export function page(app, rest, again) {
  if (rest === 'import') return importPage(app);
  return { parts: () => all(app, again) };
}

/** The cells as a file to draw on: our own answer names a community by more than its code. */
export function asDrawn(features) {
  return { type: 'FeatureCollection', features: features.map(({ properties: { code, name, organisation }, geometry }) => ({ type: 'Feature', properties: { code, name, organisation: organisation.code }, geometry })) };
}

async function all(app, again) {
  const known = await directory(app);
  const communities = choices(known.own, COMMUNITIES);
  const asked = communities.find(([code]) => code === new URLSearchParams(location.search).get('organisation'))?.[0];
  const organisation = asked ?? known.town?.code;
  const [cells, { features }] = await Promise.all([getAll('/cells', { organisation }), get('/cells.geojson', { organisation })]);
  const select = h('select', { id: 'community', onchange: () => app.go(select.value ? `admin/cells?organisation=${select.value}` : 'admin/cells') }, h('option', { value: '' }, '全部'), communities.map(([code, name]) => h('option', { value: code, selected: code === asked }, name)));
  const outlines = new Map(features.map((feature) => [feature.properties.code, feature]));
  const row = (cell) => [cell.name, cell.code, cell.organisation.name, cell.wardens.map(({ name }) => name).join('、') || h('span', { class: 'soft' }, '没有'), outlines.has(cell.code) && rowButton('改名、换网格员', cell.name, () => change(cell, outlines.get(cell.code), again), 'edit')];
  return [
    h('div', { class: 'row wrap days' }, h('h1', { class: 'grow' }, `网格（${cells.length} 个）`), townChooser(app, known, 'admin/cells'), h('div', { class: 'field' }, h('label', { for: 'community' }, '社区（村）'), select), features.length > 0 && saved(`网格-${organisation}-${today()}.geojson`, asDrawn(features), '存成 GeoJSON'), h('a', { class: 'button main', href: app.href('admin/cells/import') }, '导入网格图')),
    h('p', { class: 'soft' }, '要重划、新设或停用网格：把现在的存成文件，在制图软件里改好，再导入；先看会变什么，再写入。'),
    groundMap('网格图', [{ features, kind: 'cell-line', words: ({ properties }) => properties.name, label: ({ properties }) => shortName(properties.name) }]),
    table('网格', ['网格', '编码', '社区（村）', '网格员', ''], cells.map(row), '还没有网格。请导入网格图。'),
  ];
}

async function change(cell, { geometry }, again) {
  const people = await getAll('/people', { organisation: cell.organisation.code });
  const wardens = people.filter(({ posts }) => posts.some(({ role, organisation }) => role === 'warden' && organisation.code === cell.organisation.code));
  const mine = new Set(cell.wardens.map(({ id }) => id));
  const done = await ask({
    title: `${cell.name}的名称和网格员`,
    says: '轮廓不动。换网格员从今天起；只列出在这个社区（村）有网格员岗位的人。',
    fields: [
      { name: 'name', words: '名称', value: cell.name, most: 80 },
      { name: 'wardens', words: '网格员', kind: 'many', options: wardens.map(({ username, name }) => [username, name]), value: wardens.filter(({ id }) => mine.has(id)).map(({ username }) => username) },
    ],
    words: '保存',
    path: '/cells/redraw',
    shape: ({ name, wardens: chosen }) => ({
      features: { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { code: cell.code, name, organisation: cell.organisation.code, wardens: chosen }, geometry }] },
      retire: [],
      dry_run: false,
    }),
    done: '已保存',
  });
  if (done) await again();
}
