// Boxes drawn on a photo, by mouse, finger or keys; each step can be undone.

import { fill, h } from '../../faces/dom.js';

const SMALLEST = 8;
const STEP = 16;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** `{node, boxes, add, undo, clear}`: boxes are in pixels of the picture; `changed` is told of each
 * change, and whether there is something to undo. */
export function maskBoard({ image, start, changed }) {
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const layer = h('div', { class: 'mask-boxes' });
  const node = h('div', { class: 'mask-board' }, image, layer);
  node.style.setProperty('--shape', `${width} / ${height}`);
  node.style.setProperty('--ratio', width / height);
  let boxes = start.map((box) => ({ ...box }));
  const past = [];

  node.addEventListener('pointerdown', begin);
  show();

  function put(next, focus) {
    past.push(boxes);
    boxes = next;
    show(focus);
  }

  function show(focus) {
    fill(layer, boxes.map(drawn));
    if (focus !== undefined) layer.children[focus]?.focus({ preventScroll: true });
    changed(boxes, past.length > 0);
  }

  function placed(element, box) {
    const parts = { left: box.x / width, top: box.y / height, width: box.width / width, height: box.height / height };
    for (const [name, part] of Object.entries(parts)) element.style.setProperty(name, `${100 * part}%`);
    return element;
  }

  function drawn(box, index) {
    const words = `第 ${index + 1} 个框：左 ${box.x} 上 ${box.y}，宽 ${box.width} 高 ${box.height}。方向键移动，按住 Shift 改大小，Delete 去掉`;
    return placed(h('div', { role: 'group', tabindex: '0', class: 'mask-box', 'aria-label': words, onkeydown: (event) => pressed(event, index) }, h('span', null, String(index + 1))), box);
  }

  function pressed(event, index) {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      return put(boxes.filter((_, at) => at !== index), Math.max(0, index - 1));
    }
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [dx, dy] = move.map((one) => one * STEP);
    const { x, y, width: wide, height: high } = boxes[index];
    const next = event.shiftKey ? { x, y, width: Math.max(STEP, wide + dx), height: Math.max(STEP, high + dy) } : { x: x + dx, y: y + dy, width: wide, height: high };
    put(boxes.map((box, at) => (at === index ? within(next) : box)), index);
  }

  /** A box that lies in the picture. */
  function within({ x, y, width: wide, height: high }) {
    const [left, top] = [Math.min(Math.max(0, x), width - SMALLEST), Math.min(Math.max(0, y), height - SMALLEST)];
    return { x: left, y: top, width: Math.min(wide, width - left), height: Math.min(high, height - top) };
  }

  function begin(event) {
    if (event.button !== 0 || event.target.closest('.mask-box')) return;
    event.preventDefault();
    const from = at(event);
    const sketch = h('div', { class: 'mask-box' });
    layer.append(sketch);
    node.setPointerCapture(event.pointerId);
    const drag = (moved) => placed(sketch, between(from, at(moved)));
    const end = (left) => {
      node.removeEventListener('pointermove', drag);
      for (const name of ['pointerup', 'pointercancel']) node.removeEventListener(name, end);
      sketch.remove();
      const box = between(from, at(left));
      if (left.type === 'pointerup' && box.width >= SMALLEST && box.height >= SMALLEST) put([...boxes, box], boxes.length);
    };
    node.addEventListener('pointermove', drag);
    for (const name of ['pointerup', 'pointercancel']) node.addEventListener(name, end);
  }

  function at({ clientX, clientY }) {
    const frame = layer.getBoundingClientRect();
    const share = (value, from, whole) => Math.min(1, Math.max(0, (value - from) / whole));
    return [Math.round(width * share(clientX, frame.left, frame.width)), Math.round(height * share(clientY, frame.top, frame.height))];
  }

  return {
    node,
    boxes: () => boxes,
    add: () => put([...boxes, within({ x: Math.round(width * 0.4), y: Math.round(height * 0.4), width: Math.round(width * 0.2), height: Math.round(height * 0.2) })], boxes.length),
    clear: () => put([]),
    undo: () => {
      if (past.length) boxes = past.pop();
      show();
    },
  };
}

function between([ax, ay], [bx, by]) {
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}
