// Signing in at a desk.

import { NoAnswer, remembered, signIn } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { choose, isLarge } from '../faces/size.js';

/** The form; it hands the person to the frame. */
export function signInPage(app) {
  const fault = h('p', { class: 'fault', role: 'alert' });
  const username = h('input', { id: 'username', name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, value: remembered()?.username });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const button = h('button', { class: 'button main wide' }, '登录');

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
    { class: 'sign-in card stack', onsubmit: submit },
    h('img', { src: document.querySelector('link[rel=icon]').href, alt: '', width: 64, height: 64 }),
    h('h1', null, '格巡督查台'),
    h('div', { class: 'field' }, h('label', { for: 'username' }, '用户名'), username),
    h('div', { class: 'field' }, h('label', { for: 'password' }, '口令'), password),
    fault,
    button,
    sizeButton(),
    h('p', { class: 'soft small' }, '忘记口令，请联系管理员重设。'),
  );
}

function sizeButton() {
  const button = h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(isLarge()), onclick: turn }, icon('size'), '大字模式');
  function turn() {
    choose(!isLarge(), null);
    button.setAttribute('aria-pressed', String(isLarge()));
  }
  return button;
}

function wordsFor(error) {
  if (error instanceof NoAnswer) return '现在连不上服务器，请稍后再试。';
  return error.code === 'bad_credentials' ? '用户名或口令不正确，请核对后再试。' : `${error.title}。${error.detail ?? ''}`;
}
