// The one form of administration: it stays, with all that was filled in, until the server takes it.

import { NoAnswer, send } from '../../faces/api.js';
import { h, say, sheet } from '../../faces/dom.js';
import { newId } from '../../faces/ids.js';
import { bodyOf, field, insideOf, missingOf } from './fields.js';

/**
 * Asks for what a change needs and makes it: `{title, says, fields, more, words, danger, method,
 * path, shape, done}`. `fields` are data or fields made before, `shape` makes the body of what was
 * filled in, `path` may depend on it. Resolves with the server's answer, nothing when given up.
 */
export async function ask({ title, says = [], fields = [], more, words, danger = false, method = 'POST', path, shape = (body) => body, done }) {
  const asked = fields.map((one) => ('node' in one ? one : field(one)));
  const opened = sheet(title, (close) => {
    const fault = h('p', { class: 'fault', role: 'alert' });
    const button = h('button', { class: `button ${danger ? 'danger' : 'main'}` }, words);
    const sending = sender(method);
    async function submit(event) {
      event.preventDefault();
      fault.textContent = '';
      asked.forEach((one) => one.clear());
      if (missingOf(asked)) return firstFaulty(event.target);
      button.disabled = true;
      try {
        const filled = bodyOf(asked);
        close({ answer: await sending(typeof path === 'function' ? path(filled) : path, shape(filled)) });
      } catch (error) {
        if (!(error instanceof NoAnswer || error.title)) throw error;
        button.disabled = false;
        fault.textContent = told(error, asked);
        firstFaulty(event.target);
      }
    }
    return h('form', { class: 'stack', novalidate: true, onsubmit: submit }, [says].flat().map((line) => h('p', null, line)), asked.map(({ node }) => node), more, fault, button);
  });
  readyToFillIn(danger);
  const taken = await opened;
  if (taken && done) say(done);
  return taken && { ...taken.answer };
}

/** Sends a body under one key until it is another body: what was taken unheard is not done twice. */
function sender(method) {
  let last, key;
  return (path, body) => {
    const text = JSON.stringify([path, body]);
    if (text !== last) [last, key] = [text, newId()];
    return send(method, path, { key: method === 'POST' ? key : undefined, body: body ?? undefined });
  };
}

/** Puts the server's words at the fields they are about; what is left is said for the whole. */
function told(error, fields) {
  if (error instanceof NoAnswer) return '没有连上服务器，请再点一次，不会重复。';
  if (error.code === 'not_signed_in') return '登录已过期。所填的都在：请在另一个标签页登录，再回来点一次。';
  const unplaced = [];
  let placed = 0;
  for (const [name, words] of Object.entries(error.errors ?? {})) {
    const found = insideOf(fields, name);
    if (found) found.fault(words.join('；'), (placed += 1));
    else unplaced.push(words.join('；'));
  }
  if (placed && error.code === 'invalid_input') return unplaced.length ? `还有：${unplaced.join('；')}。` : `请改正标出的 ${placed} 处。`;
  return `${error.title}。${error.detail ?? ''}`;
}

function firstFaulty(form) {
  form.querySelector('[aria-invalid="true"]')?.focus();
}

/** One begins in the first field, but what is dangerous is not begun by a stroke of Enter. A click
 * beside the form does not close it, and Esc only one in which nothing was changed. */
function readyToFillIn(danger) {
  const dialog = [...document.querySelectorAll('dialog.sheet')].pop();
  if (!danger) dialog.querySelector('form :is(input, select, textarea)')?.focus();
  let isChanged = false;
  dialog.addEventListener('input', () => (isChanged = true));
  dialog.addEventListener('click', (event) => event.target === dialog && event.stopImmediatePropagation(), true);
  dialog.addEventListener('cancel', (event) => {
    if (!isChanged) return;
    event.preventDefault();
    dialog.querySelector('[role="alert"]').textContent = '所填的都还在。不要了就点“关闭”。';
  });
}
