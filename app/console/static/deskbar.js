// The desk's lower edge: the keys as buttons, how many wait, and the seconds for undoing.

import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { UNDO_MS } from './deciding.js';

const REASONS = { contradicted: '照片不符', needs_review: '照片有疑点', urgent: '紧急', illegal_building: '违法建设', second_look: '待复核', late: '核查超期' };

/** The bar of a desk; `update` shows it as the desk stands. */
export function deskBar(desk) {
  const acts = h('div', { class: 'desk-acts' });
  const count = h('p', { class: 'desk-count', role: 'status' });
  const undo = h('div', { class: 'undo' });
  const bar = h('footer', { class: 'desk-bar' }, acts, lookedAt(desk), count, undo);
  let held = null;
  bar.update = () => {
    const { good, bad } = desk.shown?.choices ?? {};
    fill(acts, key('A', 'check', good?.words ?? '通过', good && (() => desk.approve()), 'main'), key('R', 'redo', bad?.words ?? '退回返工', bad && (() => desk.reject())), key('S', 'forward', '跳过', desk.shown && (() => desk.skip())), key('?', 'more', '按键', () => desk.help(), 'small-key'));
    fill(count, h('strong', null, Math.max(0, desk.queue.left)), ' 张在等', desk.decisions.sent > 0 && ` · 本次已办 ${desk.decisions.sent} 张`);
    if (held === desk.decisions.held) return;
    held = desk.decisions.held;
    fill(undo, held && undoLine(held, desk));
  };
  return bar;
}

/** Only those that wait for one reason. */
function lookedAt({ app, query }) {
  const chosen = query.get('reason') ?? '';
  const select = h('select', { id: 'reason', onchange: choose }, h('option', { value: '' }, '全部'), Object.entries(REASONS).map(([code, words]) => h('option', { value: code, selected: code === chosen }, words)));
  function choose() {
    const narrowed = new URLSearchParams(query);
    narrowed.delete('reason');
    if (select.value) narrowed.set('reason', select.value);
    app.go(`review?${narrowed}`);
  }
  return h('div', { class: 'look' }, h('label', { for: 'reason', class: 'small' }, '只看'), select);
}

function key(letter, name, words, onclick, look = '') {
  return h('button', { type: 'button', class: `button ${look}`, disabled: !onclick, 'aria-keyshortcuts': letter, onclick }, icon(name), words, h('kbd', null, letter));
}

/** What was decided, and a bar that runs down while it can be undone. */
function undoLine(entry, desk) {
  const running = h('span', { class: 'running' });
  running.style.animationDuration = `${UNDO_MS}ms`;
  const note = entry.body.note ? `：${entry.body.note}` : '';
  return [running, h('span', { class: 'undo-words', role: 'status' }, `${entry.detail} ${entry.title}${note}`), h('button', { type: 'button', class: 'button', 'aria-keyshortcuts': 'Z', onclick: () => desk.undo() }, icon('undo'), '撤销', h('kbd', null, 'Z'))];
}
