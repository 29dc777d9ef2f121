// A map of outlines: how degrees become points of a drawing, which one moves and enlarges.

import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { rings } from './drawing.js';

const WIDTH = 1000;

/** How the degrees of features become points, and the box that holds them all. */
export function projected(features) {
  const points = features.flatMap(({ geometry }) => rings(geometry).flat());
  const [west, east] = extent(points, 0);
  const [south, north] = extent(points, 1);
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = WIDTH / Math.max((east - west) * squeeze, (north - south) * 1.2);
  const at = ([lng, lat]) => [(lng - west) * squeeze * scale, (north - lat) * scale];
  const [width, height] = at([east, south]);
  return { at, home: [-10, -10, width + 20, height + 20] };
}

/** An outline as the path of a drawing, and the box of its first ring. */
export function drawnAt(geometry, at) {
  const drawn = rings(geometry).map((ring) => ring.map(at));
  const d = drawn.map((ring) => `M${ring.map((p) => p.map((v) => v.toFixed(1)).join(' ')).join('L')}Z`).join('');
  const [left, right] = extent(drawn[0], 0);
  const [top, bottom] = extent(drawn[0], 1);
  return { d, left, right, top, bottom };
}

/** The keys that enlarge it. */
export function keysOf(view) {
  const button = (name, words, act) => h('button', { type: 'button', class: 'button', 'aria-label': words, onclick: act }, name);
  return h('div', { class: 'map-keys' }, button(icon('plus'), '放大', () => view.zoom(0.7)), button('－', '缩小', () => view.zoom(1 / 0.7)), button('全图', '显示全图', () => view.reset()));
}

function extent(points, axis) {
  return points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]);
}

/** Moved by dragging, enlarged by the keys beside it and, where the page does not scroll, the wheel. */
export function movable(map, home, { byWheel = true, moved } = {}) {
  let box = [...home];
  let asked;
  const show = () => {
    map.setAttribute('viewBox', box.join(' '));
    if (!moved) return;
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(tell);
  };
  const tell = () => {
    const { width, height } = map.getBoundingClientRect();
    if (!width) return;
    // What of the ground the window shows: the box, and what lies beside it.
    const pixels = Math.min(width / box[2], height / box[3]);
    const [across, along] = [width / pixels, height / pixels];
    moved([box[0] - (across - box[2]) / 2, box[1] - (along - box[3]) / 2, across, along], pixels);
  };
  const zoom = (factor, [x, y] = [box[0] + box[2] / 2, box[1] + box[3] / 2]) => {
    const width = Math.min(home[2] * 1.5, Math.max(home[2] / 40, box[2] * factor));
    const real = width / box[2];
    box = [x - (x - box[0]) * real, y - (y - box[1]) * real, width, box[3] * real];
    show();
  };
  const place = (event) => {
    const { left, top, width, height } = map.getBoundingClientRect();
    const unit = Math.max(box[2] / width, box[3] / height);
    return [box[0] + box[2] / 2 + (event.clientX - left - width / 2) * unit, box[1] + box[3] / 2 + (event.clientY - top - height / 2) * unit];
  };
  let from = null;
  let isDragged = false;
  if (byWheel) map.addEventListener('wheel', (event) => (event.preventDefault(), zoom(event.deltaY > 0 ? 1.25 : 0.8, place(event))), { passive: false });
  map.addEventListener('pointerdown', (event) => ([from, isDragged] = [place(event), false]));
  map.addEventListener('pointermove', (event) => {
    if (!from || !event.buttons) return;
    const [x, y] = place(event);
    isDragged ||= Math.hypot(x - from[0], y - from[1]) > box[2] / 200;
    if (!isDragged) return;
    box = [box[0] + from[0] - x, box[1] + from[1] - y, box[2], box[3]];
    show();
  });
  map.addEventListener('pointerup', () => (from = null));
  map.addEventListener('dragstart', (event) => event.preventDefault());
  map.addEventListener('click', (event) => isDragged && (event.preventDefault(), event.stopPropagation()), true);
  if (moved) new ResizeObserver(show).observe(map);
  show();
  return { zoom, reset: () => ((box = [...home]), show()) };
}
