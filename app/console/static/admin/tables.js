// The one table of administration, page by page where there are many rows.

import { h, say } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';

/** A table of rows, each an array of cells or a row made before. */
export function table(caption, heads, rows, none = '没有。') {
  if (!rows.length) return h('p', { class: 'card soft' }, none);
  return frame(caption, heads, h('tbody', null, rows.map(line)));
}

/** A table that begins with a page of an answer; `read(cursor)` gives the next one. */
export function longTable({ caption, heads, row, first, read, none = '没有。' }) {
  if (!first.items.length) return h('p', { class: 'card soft' }, none);
  const rows = h('tbody');
  const more = h('button', { type: 'button', class: 'button', onclick: next }, '再显示一些');
  let cursor;
  const add = (page) => {
    rows.append(...page.items.map((item) => line(row(item))));
    cursor = page.next_cursor;
    more.hidden = !cursor;
  };
  async function next() {
    more.disabled = true;
    await read(cursor).then(add, () => say('没有读到，请再试一次。'));
    more.disabled = false;
  }
  add(first);
  return h('div', { class: 'stack' }, frame(caption, heads, rows), h('div', null, more));
}

function frame(caption, heads, body) {
  const head = h('thead', null, h('tr', null, heads.map((words) => h('th', { scope: 'col' }, words || h('span', { class: 'unseen' }, '可以做的')))));
  return h('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': caption }, h('table', { class: 'list acts' }, h('caption', { class: 'unseen' }, caption), head, body));
}

function line(cells) {
  return cells instanceof Node ? cells : h('tr', null, cells.map((cell) => h('td', null, cell)));
}

/** A button of a row: what it does, and to what, for who does not see the row. */
export function rowButton(words, about, onclick, name) {
  return h('button', { type: 'button', class: 'quiet', 'aria-label': `${words}：${about}`, onclick }, name && icon(name), words);
}

/** A button above a list or beside a heading. */
export function actButton(words, onclick, { name, main = false, danger = false } = {}) {
  return h('button', { type: 'button', class: `button${main ? ' main' : ''}${danger ? ' danger' : ''}`, onclick }, name && icon(name), words);
}

/** Names with values, one below the other. */
export function facts(list) {
  return h('dl', { class: 'admin-facts' }, list.filter(Boolean).map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

/** A section with a heading and what can be done there. */
export function section(title, acts, ...parts) {
  return h('section', { class: 'stack tight' }, h('div', { class: 'row wrap' }, h('h2', { class: 'grow' }, title), acts), parts);
}

/** A mark that says in words what it means. */
export function mark(words, colour = '') {
  return h('span', { class: `light ${colour}` }, words);
}
