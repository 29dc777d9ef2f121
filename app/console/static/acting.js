// What can be done with a ticket at a desk: one table; the server says which of it is possible.

import { NoAnswer, PREFIX, send } from '../faces/api.js';
import { h, say, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { newId } from '../faces/ids.js';
import { lastAfter } from './deciding.js';
import { asks } from './asking.js';
import { OVERRULING, REOPENING, RETURNING } from './phrases.js';

const isContradicted = (ticket) => lastAfter(ticket).some((use) => use.verdict === 'contradicted');

/** Action → words, icon, and what it asks for; the order is that of the buttons. */
const ACTIONS = {
  close: { words: '通过，结案', icon: 'check', main: true, note: (ticket) => (isContradicted(ticket) ? '照片与事实不符，为什么可以结案' : '说明（可不写）'), needsNote: isContradicted, phrases: OVERRULING, usePhrases: isContradicted },
  confirm: { words: '复核通过', icon: 'check', main: true, note: '说明（可不写）' },
  return: { words: '退回返工', icon: 'redo', note: '为什么退回', needsNote: true, phrases: RETURNING },
  reopen: { words: '重新办理', icon: 'redo', note: '为什么重新办理', needsNote: true, phrases: REOPENING },
  accept_send_back: { words: '同意回退', icon: 'check', main: true, says: '同意后工单回到待受理，要重新派遣。', note: '说明（可不写）' },
  refuse_send_back: { words: '不同意回退', icon: 'cross', note: '为什么不同意', needsNote: true },
  grant_extension: { words: '同意延期', icon: 'check', main: true, note: '说明（可不写）' },
  refuse_extension: { words: '不同意延期', icon: 'cross', note: '为什么不同意', needsNote: true },
  dispatch: { words: '派遣', icon: 'forward', main: (ticket) => ticket.state === 'reported', fields: ['organisation', 'condition'], note: '说明；改派须写理由', needsNote: (ticket) => ticket.state !== 'reported' },
  reclassify: { words: '改类别、地点', icon: 'edit', fields: ['category', 'compound'], note: '为什么改', needsNote: true },
  reject: { words: '不予立案', icon: 'stop', note: '为什么不立案', needsNote: true, phrases: ['不属于受理范围', '现场没有这个问题', '重复上报'] },
  assign: { words: '指派经办人', icon: 'person', fields: ['person'] },
  rectify: { words: '提交整改', icon: 'camera', phone: (ticket) => `repair/${ticket.id}` },
  supervise: { words: '督办', icon: 'warn', says: '督办后，工单在各处都有标记。', note: '督办意见（可不写）' },
  suspend: { words: '挂账', icon: 'clock', fields: ['until'], note: '为什么挂账', needsNote: true },
  resume: { words: '恢复办理', icon: 'undo', says: '挂账到此为止，时限接着计算。', note: '说明（可不写）' },
  refer: { words: '移交', icon: 'forward', fields: ['referral', 'until'], note: '说明（可不写）' },
  send_back: { words: '申请回退', icon: 'reply', note: '为什么不是本单位的责任', needsNote: true },
  request_extension: { words: '申请延期', icon: 'clock', fields: ['until'], note: '为什么延期', needsNote: true },
  merge_into: { words: '并入另一张', icon: 'plus', fields: ['ticket'], note: '说明（可不写）' },
  void: { words: '作废', icon: 'trash', note: '为什么作废', needsNote: true },
  recall: { words: '撤回整改', icon: 'undo', says: '撤回刚才提交的整改。' },
  withdraw: { words: '撤回上报', icon: 'undo', says: '撤回这条上报。' },
  explain: { words: '说明照片', icon: 'edit', note: '照片为什么会这样', needsNote: true },
  comment: { words: '补充说明', icon: 'edit', note: '说明', needsNote: true },
};

const of = (value, ticket) => (typeof value === 'function' ? value(ticket) : value);

/** The buttons of what is possible; `show` shows the ticket as it is afterwards. */
export function actionsOf(app, ticket, show) {
  const possible = Object.entries(ACTIONS).filter(([name]) => ticket.allowed_actions.includes(name));
  if (!possible.length) return null;
  const button = ([name, action]) => {
    const props = { class: `button${of(action.main, ticket) ? ' main' : ''}` };
    if (action.phone) return h('a', { ...props, href: `${PREFIX}/m/${action.phone(ticket)}` }, icon(action.icon), action.words);
    return h('button', { ...props, type: 'button', onclick: () => act(ticket, name, action, show) }, icon(action.icon), action.words);
  };
  return h('section', { class: 'card actions', 'aria-label': '可以做的' }, possible.map(button));
}

/** Asks for what an action needs and does it; the form stays until the server has taken it. */
async function act(ticket, name, action, show) {
  const key = newId();
  const done = await sheet(action.words, (close) => {
    const fields = (action.fields ?? []).map((field) => asks[field](ticket));
    const needsNote = of(action.needsNote, ticket);
    const note = action.note && h('textarea', { id: 'note', rows: 3, maxlength: 2000, required: needsNote });
    const phrases = (action.usePhrases ? of(action.usePhrases, ticket) : true) && action.phrases;
    const fault = h('p', { class: 'fault', role: 'alert' });
    const button = h('button', { class: 'button main' }, action.words);
    async function submit(event) {
      event.preventDefault();
      const missing = fields.map((field) => field.missing?.()).find(Boolean) ?? (needsNote && !note.value.trim() && '请写明理由。');
      if (missing) return void (fault.textContent = missing);
      button.disabled = true;
      const body = Object.assign({ version: ticket.version, photo_ids: [] }, ...fields.map((field) => field.value()), note?.value.trim() ? { note: note.value.trim() } : {});
      try {
        close({ ticket: await send('POST', `/tickets/${ticket.id}/${name}`, { key, body }) });
      } catch (error) {
        if (error.code === 'stale_version') return close({ ticket: error.current, notice: `没有做成“${action.words}”：这张工单刚才有变动，下面是现在的情况。` });
        fault.textContent = error instanceof NoAnswer ? '没有连上服务器，请再点一次，不会重复。' : `${error.title}。${error.detail ?? ''}`;
        button.disabled = false;
      }
    }
    return h(
      'form',
      { class: 'stack', novalidate: true, onsubmit: submit },
      action.says && h('p', null, action.says),
      fields.map((field) => field.node),
      phrases && h('div', { class: 'phrases' }, phrases.map((words) => h('button', { type: 'button', class: 'button', onclick: () => (note.value = words) }, words))),
      note && h('div', { class: 'field' }, h('label', { for: 'note' }, of(action.note, ticket)), note),
      fault,
      button,
    );
  });
  if (!done) return;
  show(done.ticket, done.notice);
  if (!done.notice) say(`${action.words}：好了`);
}
