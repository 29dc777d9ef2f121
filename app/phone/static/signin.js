// Signing in; what waits in the outbox stays there.

import { NoAnswer, remembered, signIn } from '../faces/api.js';
import { h } from '../faces/dom.js';
import * as outbox from '../faces/outbox.js';
import { sizeSwitch } from './me.js';

/** The form; it hands the person to the frame. */
export function signInPage(app) {
  const last = remembered();
  const fault = h('p', { class: 'fault', role: 'alert' });
  const username = h('input', { id: 'username', name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, value: last?.username });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const button = h('button', { class: 'button main wide' }, '登录');
  const waiting = h('p', { class: 'note', hidden: true });
  tellOfWaiting(waiting);

  async function submit(event) {
    event.preventDefault();
    fault.textContent = '';
    button.disabled = true;
    try {
      await app.signedIn(await signIn(username.value.trim(), password.value));
    } catch (error) {
      fault.textContent = wordsFor(error);
      button.disabled = false;
      password.select();
    }
  }

  return h(
    'form',
    { class: 'sign-in stack', onsubmit: submit },
    h('img', { src: document.querySelector('link[rel=icon]').href, alt: '', width: 72, height: 72 }),
    h('h1', null, '格巡'),
    h('p', { class: 'soft' }, '小区巡查与整改'),
    waiting,
    h('div', { class: 'field' }, h('label', { for: 'username' }, '用户名'), username),
    h('div', { class: 'field' }, h('label', { for: 'password' }, '口令'), password),
    fault,
    button,
    sizeSwitch(null),
    h('p', { class: 'soft small' }, '忘记口令，请联系管理员重设。'),
  );
}

function wordsFor(error) {
  if (error instanceof NoAnswer) return '现在连不上网，请稍后再试。';
  return error.code === 'bad_credentials' ? '用户名或口令不正确，请核对后再试。' : `${error.title}。${error.detail ?? ''}`;
}

async function tellOfWaiting(note) {
  const kept = (await outbox.others()).filter((entry) => entry.kind !== 'photo');
  const mine = outbox.countable(await outbox.mine());
  const count = kept.length + mine.length;
  if (!count) return;
  note.hidden = false;
  note.textContent = `有 ${count} 条内容还没有发出，都保存在手机里，登录后接着发。`;
}

