// The cells as this phone knows them: which one holds a position, and a map to tap on.

import { get, recall } from '../faces/api.js';

const SPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 320;

/** The outlines of an organisation's cells, of the whole town without one; remembered. */
export async function cellsOf(organisation) {
  const read = () => get('/cells.geojson', organisation && { organisation: organisation.code });
  const { data } = await recall(`cells:${organisation?.code ?? ''}`, read);
  return data.features;
}

function rings(geometry) {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

/** The cell that holds a position, among those known here. */
export function cellHolding(features, { lng, lat }) {
  return features.find(({ geometry }) => rings(geometry).filter((ring) => crosses(ring, lng, lat)).length % 2 === 1);
}

function crosses(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

/** A map of cells; each is a button that hands its properties on. The fix is a dot. */
export function cellMap(features, { chosen, fix, onpick }) {
  const points = features.flatMap(({ geometry }) => rings(geometry).flat());
  const [west, east] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
  const [south, north] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = WIDTH / Math.max((east - west) * squeeze, (north - south) * 0.9);
  const at = ([lng, lat]) => [(lng - west) * squeeze * scale, (north - lat) * scale];
  const [width, height] = at([east, south]);
  const svg = made('svg', { viewBox: `-4 -4 ${width + 8} ${height + 8}`, class: 'cell-map', role: 'group', 'aria-label': '网格图' });
  for (const { geometry, properties } of features) {
    const path = rings(geometry).map((ring) => `M${ring.map((p) => at(p).map((v) => v.toFixed(1)).join(' ')).join('L')}Z`).join('');
    const pick = () => onpick(properties);
    const cell = made('path', { d: path, tabindex: 0, role: 'button', 'aria-label': properties.name, 'aria-pressed': String(properties.code === chosen) });
    cell.addEventListener('click', pick);
    cell.addEventListener('keydown', (event) => ['Enter', ' '].includes(event.key) && (event.preventDefault(), pick()));
    svg.append(cell, label(geometry, properties, at));
  }
  if (fix && fix.lng >= west && fix.lng <= east && fix.lat >= south && fix.lat <= north) {
    const [cx, cy] = at([fix.lng, fix.lat]);
    svg.append(made('circle', { cx, cy, r: 6, class: 'here' }));
  }
  return svg;
}

function label(geometry, { code }, at) {
  const ring = rings(geometry)[0].map(at);
  const middle = (axis) => (Math.min(...ring.map((p) => p[axis])) + Math.max(...ring.map((p) => p[axis]))) / 2;
  const text = made('text', { x: middle(0), y: middle(1), 'aria-hidden': 'true' });
  text.textContent = Number(code.slice(-3));
  return text;
}

function made(tag, props) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  return node;
}
