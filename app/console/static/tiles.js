// An optional map behind the cells: its tiles, and degrees shifted to its datum for drawing only.

import { rings, svg } from './drawing.js';

const { tiles: ADDRESS, tilesDatum: DATUM } = document.documentElement.dataset;
const SIDE = 256;
const DEEPEST = 18;
const MOST_TILES = 80;
const WIDTH = 1000;

export const hasTiles = Boolean(ADDRESS);

const KRASOVSKY_A = 6378245;
const KRASOVSKY_EE = 0.006693421622965943;
const rad = (degrees) => (degrees * Math.PI) / 180;
const waves = (value) => ((20 * Math.sin(6 * value * Math.PI) + 20 * Math.sin(2 * value * Math.PI)) * 2) / 3;

/** Degrees of a WGS-84 point in GCJ-02, by the formula of app/kernel/geo.py; outside China as they are. */
export function toGcj02([lng, lat]) {
  if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lng, lat];
  const [x, y] = [lng - 105, lat - 35];
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x);
  north += ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3;
  north += ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x);
  east += ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3;
  east += ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  const phi = rad(lat);
  const magic = 1 - KRASOVSKY_EE * Math.sin(phi) ** 2;
  const meridian = (KRASOVSKY_A * (1 - KRASOVSKY_EE)) / magic ** 1.5;
  const parallel = (KRASOVSKY_A / Math.sqrt(magic)) * Math.cos(phi);
  return [lng + (east / parallel) * (180 / Math.PI), lat + (north / meridian) * (180 / Math.PI)];
}

/** Where a point lies in the square of Mercator's world, 0 to 1 from the north-west. */
export function mercator(point) {
  const [lng, lat] = DATUM === 'gcj02' ? toGcj02(point) : point;
  return [(lng + 180) / 360, (1 - Math.asinh(Math.tan(rad(lat))) / Math.PI) / 2];
}

/** As `projected` of ground.js, but in Mercator's square, with the layer that lies behind. */
export function projectedOnTiles(features) {
  const points = features.flatMap(({ geometry }) => rings(geometry).flat()).map(mercator);
  const [west, east] = extent(points, 0);
  const [north, south] = extent(points, 1);
  const scale = WIDTH / Math.max(east - west, (south - north) * 1.2);
  const at = (point) => {
    const [x, y] = mercator(point);
    return [(x - west) * scale, (y - north) * scale];
  };
  const layer = svg('g', { 'aria-hidden': 'true' });
  const shown = new Map();
  /** Fetches what a box of the drawing shows, where one unit is so many pixels of the screen. */
  function moved(box, pixels) {
    const zoom = Math.max(1, Math.min(DEEPEST, Math.round(Math.log2((scale * pixels) / SIDE))));
    const count = 2 ** zoom;
    const side = scale / count;
    const first = [Math.floor((west + box[0] / scale) * count), Math.floor((north + box[1] / scale) * count)];
    const last = [Math.floor((west + (box[0] + box[2]) / scale) * count), Math.floor((north + (box[1] + box[3]) / scale) * count)];
    if ((last[0] - first[0] + 1) * (last[1] - first[1] + 1) > MOST_TILES) return;
    const wanted = new Set();
    for (let x = first[0]; x <= last[0]; x += 1) for (let y = Math.max(0, first[1]); y <= Math.min(count - 1, last[1]); y += 1) wanted.add(`${zoom}/${x}/${y}`);
    for (const [name, node] of shown) if (!wanted.has(name)) (node.remove(), shown.delete(name));
    for (const name of wanted) {
      if (shown.has(name)) continue;
      const [, x, y] = name.split('/').map(Number);
      const href = ADDRESS.replace('{z}', zoom).replace('{x}', ((x % count) + count) % count).replace('{y}', y);
      const node = svg('image', { href, x: (x / count - west) * scale, y: (y / count - north) * scale, width: side * 1.002, height: side * 1.002, preserveAspectRatio: 'none' });
      shown.set(name, node);
      layer.append(node);
    }
  }
  const [right, bottom] = [(east - west) * scale, (south - north) * scale];
  return { at, home: [-10, -10, right + 20, bottom + 20], layer, moved };
}

function extent(points, axis) {
  return points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]);
}
