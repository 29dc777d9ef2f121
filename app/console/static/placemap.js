// A small map of one ticket: the cells' outlines, its place, and where each photo says it was taken.

import { fill, h } from '../faces/dom.js';
import { metresBetween, rings, svg } from './drawing.js';
import { lastOf } from './lists.js';
import { cellsOf } from './places.js';

const SIZE = [320, 230];
const LEAST_M = 120;

/** The places that are known: of the ticket, and of the photos by phone and by EXIF. */
function placesOf(ticket, uses) {
  const found = ticket.position ? [{ ...ticket.position, kind: 'ticket', mark: '单', words: '工单位置' }] : [];
  for (const { role, photo } of uses) {
    const [mark, words] = role === 'before' ? ['前', '整改前'] : ['后', '整改后'];
    if (photo.position?.source === 'device') found.push({ ...photo.position, kind: `device ${role}`, mark, words: `${words}，手机定位` });
    if (photo.positions.exif) found.push({ ...photo.positions.exif, kind: `exif ${role}`, mark, words: `${words}，照片自带的定位` });
  }
  return found;
}

/** The map with its legend; without any position it says so. */
export function placeMap(ticket, uses) {
  const places = placesOf(ticket, uses.filter(Boolean));
  const whole = h('section', { class: 'place-map stack tight', 'aria-label': '位置' }, h('h2', null, '位置'));
  if (!places.length) {
    whole.append(h('p', { class: 'soft' }, '工单和照片都没有定位。'));
    return whole;
  }
  const drawing = h('div', { class: 'drawing' });
  whole.append(drawing, legend(places));
  cellsOf(ticket.community.code).then((features) => fill(drawing, drawn(features, places, ticket)));
  return whole;
}

function legend(places) {
  const [origin] = places;
  const line = (place) => {
    const away = place === origin ? '' : `，相距 ${distance(metresBetween(origin, place))}`;
    const accuracy = place.accuracy_m ? `，误差约 ${distance(place.accuracy_m)}` : '';
    return h('li', { class: 'row' }, sample(place), h('span', { class: 'small' }, place.words, away, accuracy));
  };
  return h('ul', { class: 'legend' }, places.map(line));
}

function distance(metres) {
  return metres < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`;
}

function drawn(features, places, ticket) {
  const [width, height] = SIZE;
  const cell = features.find(({ properties }) => properties.code === ticket.cell?.code);
  const near = places.filter((place) => metresBetween(places[0], place) < 3000);
  const held = [...near.map(({ lng, lat }) => [lng, lat]), ...(cell ? rings(cell.geometry).flat() : [])];
  const view = window_(held, width, height);
  const map = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `位置图：${places.map(({ words }) => words).join('；')}` });
  for (const { geometry, properties } of features) {
    const path = rings(geometry).map((ring) => `M${ring.map((p) => view.at(p).map((v) => v.toFixed(1)).join(' ')).join('L')}Z`).join('');
    map.append(svg('path', { d: path, class: properties.code === ticket.cell?.code ? 'cell here' : 'cell' }));
  }
  for (const place of [...near].reverse()) map.append(...marked(place, view));
  map.append(...scaleBar(view, height));
  return map;
}

/** How degrees become points of the drawing, with a margin. */
function window_(held, width, height) {
  const [xs, ys] = [held.map((p) => p[0]), held.map((p) => p[1])];
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const metreX = 111_320 * Math.cos((middle[1] * Math.PI) / 180);
  const across = Math.max((Math.max(...xs) - Math.min(...xs)) * metreX, LEAST_M);
  const along = Math.max((Math.max(...ys) - Math.min(...ys)) * 111_320, LEAST_M);
  const scale = Math.min(width / (across * 1.25), height / (along * 1.35));
  return { scale, at: ([lng, lat]) => [width / 2 + (lng - middle[0]) * metreX * scale, height / 2 - (lat - middle[1]) * 111_320 * scale] };
}

function marked(place, view) {
  const [x, y] = view.at([place.lng, place.lat]);
  const text = svg('text', { x, y: y + 4 });
  text.textContent = place.mark;
  const around = place.accuracy_m && svg('circle', { cx: x, cy: y, r: place.accuracy_m * view.scale, class: `around ${place.kind}` });
  return [around, shape(place.kind, x, y), text].filter(Boolean);
}

/** A ticket is a diamond, a phone's fix a disc, one of EXIF a square. */
function shape(kind, x, y) {
  if (kind === 'ticket') return svg('path', { d: `M${x} ${y - 13}l13 13l-13 13l-13 -13z`, class: kind });
  if (kind.startsWith('exif')) return svg('rect', { x: x - 9, y: y - 9, width: 18, height: 18, class: kind });
  return svg('circle', { cx: x, cy: y, r: 10, class: kind });
}

function sample({ kind, mark }) {
  const map = svg('svg', { viewBox: '-14 -14 28 28', class: 'sample', 'aria-hidden': 'true' });
  const text = svg('text', { x: 0, y: 4 });
  text.textContent = mark;
  map.append(shape(kind, 0, 0), text);
  return map;
}

function scaleBar(view, height) {
  const metres = lastOf([10, 20, 50, 100, 200, 500, 1000, 2000], (m) => m * view.scale < 90) ?? 10;
  const text = svg('text', { x: 8, y: height - 14, class: 'scale' });
  text.textContent = distance(metres);
  return [svg('path', { d: `M8 ${height - 8}h${metres * view.scale}`, class: 'scale' }), text];
}
