// Choosing another password.

import { NoAnswer, send } from './api.js';
import { h, say } from './dom.js';

/** The form; `changed` is called once there is another password. */
export function passwordForm(app, changed) {
  const fields = [
    field('password', '原口令', 'current-password'),
    field('new_password', '新口令', 'new-password'),
    field('again', '再输一遍新口令', 'new-password'),
  ];
  const [old, chosen, again] = fields.map(({ input }) => input);
  const fault = h('p', { class: 'fault', role: 'alert' });
  const button = h('button', { class: 'button main wide' }, '改口令');

  async function submit(event) {
    event.preventDefault();
    fault.textContent = '';
    if (chosen.value !== again.value) return refuse('两遍新口令不一样，请再输一遍。', again);
    button.disabled = true;
    try {
      await send('PUT', '/me/password', { body: { password: old.value, new_password: chosen.value } });
      form.reset();
      say('口令已改。别处要用新口令重新登录。');
      await changed?.();
    } catch (error) {
      if (error.code === 'not_signed_in') await app.signedOut();
      else refuse(wordsFor(error), error.code === 'weak_password' ? chosen : old);
    } finally {
      button.disabled = false;
    }
  }

  function refuse(words, input) {
    fault.textContent = words;
    input.select();
  }

  const form = h(
    'form',
    { class: 'card stack', 'aria-labelledby': 'new-password-title', onsubmit: submit },
    h('h2', { id: 'new-password-title' }, '改口令'),
    h('p', { class: 'soft', id: 'password-rules' }, '至少 8 个字符，不能与用户名或手机号相同，不能全是相同或连续的数字。改后别处的登录都失效。'),
    h('input', { name: 'username', autocomplete: 'username', value: app.me.username, hidden: true }),
    fields.map(({ node }) => node),
    fault,
    button,
  );
  return form;
}

function field(name, words, kind) {
  const input = h('input', { id: name, name, type: 'password', autocomplete: kind, maxlength: 128, required: true, 'aria-describedby': kind === 'new-password' ? 'password-rules' : null });
  return { input, node: h('div', { class: 'field' }, h('label', { for: name }, words), input) };
}

function wordsFor(error) {
  if (error instanceof NoAnswer) return '现在连不上网，口令没有改，请稍后再试。';
  return `${error.title}。${error.detail ?? ''}`;
}
