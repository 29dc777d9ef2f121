// Outlines of the ground in administration: read from a file, drawn, saved as a file.

import { h } from '../../faces/dom.js';
import { svg } from '../drawing.js';
import { drawnAt, keysOf, movable, projected } from '../ground.js';

/** What a chosen file holds as JSON; raises words for who chose it. */
export async function readJson(file) {
  if (!file) throw new Error('请选择文件。');
  try {
    return JSON.parse((await file.text()).replace(/^\uFEFF/, ''));
  } catch {
    throw new Error(`“${file.name}”不是 GeoJSON 文件：内容不是正确的 JSON。请在制图软件里另存为 GeoJSON（WGS-84）。`);
  }
}

/** The one outline of a document: a geometry, a feature or a collection of one; raises words. */
export function outlineOf(document_) {
  const inside = document_?.type === 'FeatureCollection' ? document_.features : [document_];
  if (inside?.length !== 1) throw new Error(`文件里应该正好有一个轮廓，现在有 ${inside?.length ?? 0} 个。`);
  const found = inside[0]?.type === 'Feature' ? inside[0].geometry : inside[0];
  if (!['Polygon', 'MultiPolygon'].includes(found?.type)) throw new Error('轮廓应是 Polygon 或 MultiPolygon。');
  return found;
}

/** 示例镇第一社区第1网格 is 第1网格 on a map of its town. */
export function shortName(name) {
  return /第[^第]*$/.exec(name)?.[0] ?? name;
}

/** A map of layers, each `{features, kind, words(feature), label(feature)}`, the first below; it
 * shows some features with what is around them, or all. */
export function groundMap(words, layers, shown = []) {
  const all = layers.flatMap(({ features }) => features);
  if (!all.length) return h('p', { class: 'card soft' }, '没有轮廓可画。');
  const { at, home } = projected(all);
  const map = svg('svg', { class: 'cells drawn', role: 'img', 'aria-label': words });
  for (const layer of layers) for (const feature of layer.features) map.append(outline(feature, at, layer));
  return h('section', { class: 'card tight map-card' }, map, keysOf(movable(map, shown.length ? around(shown, at) : home, { byWheel: false })));
}

/** The box of some features with half as much again on each side. */
function around(features, at) {
  const boxes = features.map(({ geometry }) => drawnAt(geometry, at));
  const [left, top] = ['left', 'top'].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = ['right', 'bottom'].map((side) => Math.max(...boxes.map((box) => box[side])));
  return [left - (right - left) / 2, top - (bottom - top) / 2, (right - left) * 2, (bottom - top) * 2];
}

function outline(feature, at, { kind, words, label }) {
  const { d, left, right, top, bottom } = drawnAt(feature.geometry, at);
  const group = svg('g');
  const title = svg('title');
  title.textContent = words(feature);
  group.append(title, svg('path', { d, class: typeof kind === 'function' ? kind(feature) : kind }));
  if (label) {
    const size = Math.min((right - left) / 5, (bottom - top) * 0.3, 22);
    const text = svg('text', { x: (left + right) / 2, y: (top + bottom) / 2, 'font-size': size });
    text.textContent = label(feature);
    group.append(text);
  }
  return group;
}

/** A link that saves a document as a file. */
export function saved(name, document_, ...words) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(document_)], { type: 'application/geo+json' }));
  return h('a', { class: 'button', href: address, download: name }, words);
}
