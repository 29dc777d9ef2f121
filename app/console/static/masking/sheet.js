// Deciding what of a photo is covered: over whatever page shows the photo.

import { get, send } from '../../faces/api.js';
import { h, say, sheet } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { actButton, mark } from '../admin/tables.js';
import { exact } from '../paper.js';
import { maskBoard } from './board.js';

const COLOURS = { pending: 'yellow', masked: 'green', clear: 'green' };

/** Opens a photo; resolves with what was decided, undefined when it was closed without. */
export async function decideMask(photoId) {
  const path = `/photos/${photoId}/masks`;
  try {
    const masks = await get(path);
    const image = await loaded(masks.urls.unmasked);
    const closed = sheet('遮盖人脸、车牌', (close) => whole(masks, image, path, close));
    document.querySelector('dialog[open]').classList.add('full');
    return await closed;
  } catch (error) {
    say(error.title ? `${error.title}。${error.detail ?? ''}` : '照片没有读到，请再试一次。');
    return undefined;
  }
}

function loaded(address) {
  const image = h('img', { src: address, alt: '没有遮盖的照片', draggable: 'false' });
  return image.decode().then(() => image);
}

function whole(masks, image, path, close) {
  const fault = h('p', { class: 'fault', role: 'alert' });
  const undo = actButton('撤销', () => board.undo(), { name: 'undo' });
  const none = actButton('全部去掉', () => board.clear(), { name: 'trash' });
  const save = actButton('保存遮盖', () => decide('masked'), { name: 'check', main: true });
  const clear = actButton('无需遮盖', () => decide('clear'));
  const count = h('span', { class: 'soft grow', role: 'status' });
  const board = maskBoard({
    image,
    start: masks.boxes,
    changed: (boxes, canUndo) => {
      count.textContent = boxes.length ? `${boxes.length} 个框` : '在照片上拖动画框';
      undo.disabled = !canUndo;
      save.disabled = none.disabled = !boxes.length;
      clear.disabled = boxes.length > 0;
    },
  });

  async function decide(decision) {
    for (const button of [save, clear]) button.disabled = true;
    const body = { version: masks.version, decision, boxes: decision === 'masked' ? board.boxes() : [] };
    try {
      const done = await send('PUT', path, { body });
      say(decision === 'masked' ? '已遮盖' : '已记为无需遮盖');
      close(done);
    } catch (error) {
      fault.textContent = error.title ? `${error.title}。${error.detail ?? ''}` : '没有连上服务器，请再点一次。';
      save.disabled = !board.boxes().length;
      clear.disabled = board.boxes().length > 0;
    }
  }

  const keys = (event) => {
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    board.undo();
  };
  return h(
    'div',
    { class: 'stack tight masking', onkeydown: keys },
    h('p', null, mark(masks.state_label, COLOURS[masks.state]), ' 框里的填成灰色，不能还原；原图仍然封存。宁可画大一点。'),
    board.node,
    h('div', { class: 'row wrap' }, actButton('加一个框', () => board.add(), { name: 'plus' }), undo, none, count, clear, save),
    fault,
    past(masks),
  );
}

function past({ items, wanted }) {
  const lines = [
    ...wanted.map((one) => h('li', null, icon('clock'), `${one.wanted_by}要用于${one.purpose_label}，${exact(one.wanted_at)}`)),
    ...items.map((one) => h('li', null, icon('edit'), `${one.made_by ?? '其他镇'} ${exact(one.made_at)}：${one.decision_label}${one.boxes.length ? `，${one.boxes.length} 个框` : ''}`)),
  ];
  return lines.length > 0 && h('ul', { class: 'mask-past small soft' }, lines);
}

/** Shows a picture as it is served now, whatever the browser kept of it. */
export async function showAnew(image) {
  const answer = await fetch(image.src, { cache: 'reload' });
  if (!answer.ok) return;
  const address = URL.createObjectURL(await answer.blob());
  image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
  image.src = address;
}

/** The button below a photo. */
export function maskButton(photo, image) {
  const button = h('button', { type: 'button', class: 'quiet small', onclick: open }, icon('edit'), '遮盖');
  async function open() {
    const done = await decideMask(photo.id);
    if (done) await showAnew(image).catch(() => {});
    button.focus({ preventScroll: true });
  }
  return button;
}
