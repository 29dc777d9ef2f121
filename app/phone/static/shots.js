// Photos from the shutter into the outbox: kept before anything else is asked.

import { fill, h, picture, say } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { newId } from '../faces/ids.js';
import * as outbox from '../faces/outbox.js';
import { entries } from '../faces/store.js';

const FRESH_MS = 120_000;
const WAIT_FOR_FIX_MS = 6_000;
const STEP_MS = 300;

/** Keeps a photo; it goes out at once, or as soon as the phone knows where it was taken. */
export async function keepPhoto(file, place) {
  const occurredAt = new Date().toISOString();
  const isFresh = Math.abs(Date.now() - file.lastModified) < FRESH_MS;
  const { prepared } = await import('../faces/photo.js');
  const { bytes, type, thumb, sha256 } = await prepared(file);
  const waits = isFresh && place && !place.fix && place.state === 'asking';
  const entry = await outbox.add({
    id: newId(),
    kind: 'photo',
    path: '/photos',
    title: '照片',
    bytes,
    type,
    thumb,
    hold: waits ? WAIT_FOR_FIX_MS : 0,
    body: {
      source: isFresh ? 'camera' : 'album',
      occurred_at: occurredAt,
      ...(isFresh && { taken_at: occurredAt }),
      ...(sha256 && { client_sha256: sha256 }),
      ...(isFresh && positionOf(place)),
    },
  });
  if (waits) addFix(entry, place);
  return entry;
}

function positionOf(place) {
  if (!place?.fix) return {};
  const { lng, lat, accuracy_m, fixed_at } = place.fix;
  return { lng, lat, datum: 'wgs84', accuracy_m, fixed_at };
}

/** The first fix often comes a moment after the shutter. */
async function addFix(entry, place) {
  for (let waited = 0; waited < WAIT_FOR_FIX_MS - STEP_MS; waited += STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    if (!place.fix) continue;
    await outbox.change(entry.id, { body: { ...entry.body, ...positionOf(place) }, hold: 0 });
    return;
  }
}

/** Gives a photo up; one that has gone already is taken back. */
export async function giveUpPhoto(id) {
  const entry = await entries.get(id);
  if (!entry || (await outbox.drop(id))) return;
  await outbox.add({ kind: 'photo', method: 'DELETE', path: `/photos/key:${id}`, title: '删去照片', needs: [id] });
  await entries.put({ ...entry, dropped: true });
}

/** A button that opens the camera; `onshot` gets each kept photo. */
export function shutter({ words, place, onshot, className = 'button main', album = false }) {
  const input = h('input', { type: 'file', accept: 'image/*', class: 'unseen', ...(album ? { multiple: true } : { capture: 'environment' }), onchange: took });
  const label = h('span', null, words);
  async function took() {
    const files = [...input.files];
    input.value = '';
    for (const file of files) {
      label.textContent = '正在保存……';
      try {
        onshot(await keepPhoto(file, place));
      } catch (error) {
        console.error(error);
        say('这张照片没有存下来：手机存储可能满了，请清理后再拍。');
      }
      label.textContent = words;
    }
  }
  return h('label', { class: `shutter ${className}` }, input, icon(album ? 'image' : 'camera'), label);
}

/** Photos as small pictures, each with a button to leave it out. */
export async function strip(ids, { onremove, words = '照片' }) {
  const found = await Promise.all(ids.map((id) => entries.get(id)));
  return fill(
    h('ul', { class: 'strip' }),
    found.map((entry, index) => {
      if (!entry) return null;
      const alt = `${words} ${index + 1}`;
      const shown = entry.thumb ? picture(entry.thumb, alt) : h('span', { class: 'no-picture' }, '照片');
      const fault = entry.state === 'refused' && h('span', { class: 'fault small' }, entry.problem.title);
      return h('li', null, shown, fault, h('button', { type: 'button', class: 'remove', onclick: () => onremove(entry.id) }, icon('cross', `去掉${alt}`)));
    }),
  );
}
