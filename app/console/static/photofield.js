// Photos in a form at a desk: sent as soon as they are chosen, named by their ids in the body.

import { NoAnswer, send } from '../faces/api.js';
import { fill, h, picture } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { newId } from '../faces/ids.js';
import { prepared } from '../faces/photo.js';

let made = 0;

/** A field of `admin/fields.js`'s kind for photos: `{name, words, hint, least, most, had}`; what it
 * `had` before are ids with the address of a small picture. */
export function photoField({ name, words, hint, least = 0, most = 9, had = [] }) {
  let photos = [...had];
  let isSending = false;
  const told = h('p', { class: 'fault', hidden: true });
  const list = h('ul', { class: 'row wrap chosen-photos' });
  const input = h('input', { type: 'file', accept: 'image/*', multiple: true, id: `photos-${(made += 1)}` });
  const state = h('p', { class: 'small soft', role: 'status' });
  const fault = (text) => {
    told.hidden = !text;
    told.textContent = text;
    input.setAttribute('aria-invalid', String(Boolean(text)));
  };

  function show() {
    const away = (one) => {
      photos = photos.filter((other) => other !== one);
      show();
    };
    fill(list, photos.map((one, index) => h('li', null, face(one, `照片 ${index + 1}`), h('button', { type: 'button', class: 'quiet', 'aria-label': `去掉照片 ${index + 1}`, onclick: () => away(one) }, icon('cross')))));
    state.textContent = isSending ? '正在上传……' : photos.length ? `${photos.length > had.length ? '已上传' : '现有'} ${photos.length} 张` : '';
  }

  async function took() {
    const files = [...input.files];
    input.value = '';
    fault('');
    isSending = true;
    for (const file of files) {
      show();
      if (photos.length >= most) {
        fault(`最多 ${most} 张。`);
        break;
      }
      try {
        photos.push(await sent(file));
      } catch (error) {
        fault(error instanceof NoAnswer ? '没有连上服务器，这张没有上传，请再选一次。' : `${file.name}：${error.title ?? '这张打不开'}。${error.detail ?? ''}`);
      }
    }
    isSending = false;
    show();
  }
  input.addEventListener('change', took);
  if (photos.length) show();
  return {
    spec: { name },
    input,
    node: h('div', { class: 'field' }, h('label', { for: input.id }, words), hint && h('p', { class: 'small soft' }, hint), input, state, list, told),
    value: () => photos.map(({ id }) => id),
    fault,
    clear: () => fault(''),
    inside: (named) => (named === name || named.startsWith(`${name}.`) ? { fault } : null),
    missing: () => {
      const words_ = isSending ? '照片还在上传，请稍等。' : photos.length < least && '请选照片。';
      if (words_) fault(words_);
      return Boolean(words_);
    },
  };
}

function face({ thumb, address }, alt) {
  if (address) return h('img', { src: address, alt });
  return thumb ? picture(thumb, alt) : h('span', { class: 'soft' }, '照片');
}

/** A photo the server has taken: `{id, thumb}`. */
async function sent(file) {
  const { bytes, type, thumb, sha256 } = await prepared(file);
  const form = new FormData();
  form.append('source', 'album');
  if (sha256) form.append('client_sha256', sha256);
  form.append('sent_at', new Date().toISOString());
  form.append('file', new Blob([bytes], { type }), 'photo');
  const { id } = await send('POST', '/photos', { key: newId(), body: form });
  return { id, thumb };
}
