// Complaints and suggestions of staff: with their name, or such that nothing is kept of them.

import { NoAnswer, get, send } from './api.js';
import { fill, h, say } from './dom.js';
import { newId } from './ids.js';

const KINDS = { system: '对这个系统有意见', decision: '对处理有意见', suggestion: '建议' };

/** The form, and what one said under one's own name. */
export async function complaints(app) {
  if (!app.me.posts.length) return h('p', { class: 'note amber' }, '您现在没有在用的岗位，请拨打 12345。');
  const list = h('div', { class: 'stack' });
  const read = async () => fill(list, mine((await get('/complaints/mine', { limit: 50 })).items));
  await read();
  return h('div', { class: 'stack' }, form(app, read), list);
}

function form(app, read) {
  let once = newId();
  const kind = h('select', { id: 'complaint-kind' }, Object.entries(KINDS).map(([code, name]) => h('option', { value: code }, name)));
  const text = h('textarea', { id: 'complaint-text', rows: 5, maxlength: 1000, required: true });
  // The key of a try under one's name is kept with the name: without one it is another.
  const hidden = h('input', { type: 'checkbox', onchange: () => (once = newId()) });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const button = h('button', { class: 'button main wide' }, '提交');
  const receipt = h('div');

  async function submit(event) {
    event.preventDefault();
    fault.textContent = '';
    button.disabled = true;
    try {
      const body = { kind: kind.value, text: text.value };
      if (hidden.checked) fill(receipt, shown(await send('POST', '/complaints/anonymous', { body: { ...body, once } })));
      else {
        await send('POST', '/complaints', { key: once, body });
        fill(receipt);
        say('已经提交，答复了会有消息。');
        await read();
      }
      text.value = '';
      once = newId();
    } catch (error) {
      if (error.code === 'not_signed_in') await app.signedOut();
      else fault.textContent = error instanceof NoAnswer ? '现在连不上网，没有提交，请稍后再按一次。' : `${error.title}。${error.detail ?? ''}`;
    } finally {
      button.disabled = false;
    }
  }

  return h(
    'form',
    { class: 'card stack', onsubmit: submit },
    h('h2', null, '投诉建议'),
    h('p', { class: 'soft' }, '由镇创建办（没有镇的，由县）在期限内答复。'),
    h('div', { class: 'field' }, h('label', { for: 'complaint-kind' }, '哪一类'), kind),
    h('div', { class: 'field' }, h('label', { for: 'complaint-text' }, '想说什么'), text),
    h('label', { class: 'row' }, hidden, h('span', null, '匿名：系统不记是谁，次日才交答复单位，凭回执看答复')),
    fault,
    button,
    receipt,
  );
}

function shown({ number, code, answer_by: by }) {
  return h(
    'div',
    { class: 'note amber', role: 'status' },
    h('div', null, h('p', null, '回执编号 ', h('strong', null, number)), h('p', null, '查询码 ', h('strong', null, code)), h('p', null, `${by} 以前答复。请抄下来或截屏：查询码只显示这一次，在 ${location.origin}${document.documentElement.dataset.prefix ?? ''}/say 查看。`)),
  );
}

function mine(items) {
  if (!items.length) return null;
  return [h('h2', null, '我署名的'), h('ul', { class: 'card tight lines' }, items.map(line))];
}

function line(one) {
  const state = one.answer ? `${one.outcome_label}（${one.answered_on}）` : `${one.answer_by} 以前答复`;
  return h('li', { class: 'line' }, h('div', { class: 'grow' }, h('p', { class: 'small soft' }, `${one.number} · ${one.kind_label} · ${one.received_on}`), h('p', null, one.text), h('p', { class: 'small' }, h('strong', null, state)), one.answer && h('p', null, one.answer)));
}
