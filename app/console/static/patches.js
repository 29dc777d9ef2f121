// Where a photo was painted over: dashed frames over both photos, which a button hides.

import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { svg } from './drawing.js';

const CODE = 'after_is_before_retouched';
let isOff = false;

/** What was found to be painted over on a use, with the places. */
export function retouchedOf(use) {
  return use?.findings.filter((found) => found.code === CODE && found.areas.length > 0) ?? [];
}

/** The places on each of two photos shown together; on the after-photo those that are of this
 * before-photo, where it is the one that was painted over. */
function areasOn(before, after) {
  const found = retouchedOf(after);
  const same = found.filter((one) => one.photo_id && one.photo_id === before?.photo.id);
  const areas = (same.length ? same : found.slice(0, 1)).flatMap((one) => one.areas);
  return [same.length ? areas.map((area) => area.before) : [], areas.map((area) => area.after)];
}

/** Frames to lay over the photo of a use, of those shown together; null without any. */
export function framesOn(use, [before, after]) {
  const [there, here] = areasOn(before, after);
  if (use === after) return frames(use.photo, here, '疑似涂改');
  return use === before ? frames(use.photo, there, '涂改前') : null;
}

function frames({ width, height }, boxes, words) {
  if (!boxes.length) return null;
  const label = Math.round(Math.max(width, height) / 28);
  const drawn = boxes.flatMap((box, index) => frame(box, [width, height], `${words}${boxes.length > 1 ? ` ${index + 1}` : ''}`, label));
  const layer = svg('svg', { class: 'patches', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `虚线框：${words}的地方，${boxes.length} 处` });
  layer.append(...drawn);
  return layer;
}

/** Two strokes, light under dark, so that it is seen on any picture. */
function frame(box, [width, height], words, label) {
  const [x, y, wide, high] = [box.x * width, box.y * height, box.width * width, box.height * height];
  const rects = ['under', 'over'].map((name) => svg('rect', { class: name, x, y, width: wide, height: high }));
  const above = y > label * 1.4;
  const text = svg('text', { x: Math.min(x, width - label * 5), y: above ? y - label * 0.35 : Math.min(height - label * 0.3, y + high + label * 1.1), 'font-size': label });
  text.append(words);
  return [...rects, text];
}

/** The button that shows and hides the frames of a node; null where there are none. */
export function framesSwitch(node, shown) {
  const [there, here] = areasOn(...shown);
  if (there.length + here.length === 0) return null;
  const words = h('span');
  const button = h('button', { type: 'button', class: 'quiet small on-screen', onclick: () => turn(!isOff) }, icon('image'), words);
  function turn(off) {
    isOff = off;
    words.textContent = isOff ? '显示涂改框' : '隐藏涂改框';
    node.classList.toggle('no-patches', isOff);
  }
  turn(isOff);
  return button;
}
