// Photos that an answer names by their ids only: read and shown small, a click enlarges.

import { get } from '../../faces/api.js';
import { fill, h } from '../../faces/dom.js';
import { enlarge } from '../evidence.js';

/** Small pictures of photos by their ids. */
export function photosOf(ids) {
  if (!ids.length) return null;
  return h('ul', { class: 'row wrap small-photos' }, ids.map(one));
}

function one(id, index) {
  const node = h('li');
  const show = (photo) => fill(node, h('button', { type: 'button', onclick: () => enlarge([{ role: 'process', photo }]) }, h('img', { src: photo.urls.thumb, alt: `照片 ${index + 1}，点开放大`, width: 72, height: 72 })));
  get(`/photos/${id}`).then(show, () => fill(node, h('span', { class: 'small soft' }, '照片现在打不开')));
  return node;
}
