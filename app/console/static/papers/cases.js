// Choosing typical cases: tickets of the period that were put right, with their pairs of photos.

import { get } from '../../faces/api.js';
import { h, say } from '../../faces/dom.js';
import { placeOf } from '../../faces/tickets.js';
import { ask } from '../admin/asking.js';

/** Asks which tickets are to be cases; those chosen before keep their order, new ones follow. */
export async function chooseCases(report, path) {
  const chosen = report.cases.map(({ id }) => id);
  const read = (cursor) => get(`${path}/candidates`, { limit: 30, cursor });
  const list = h('ul', { class: 'candidates' });
  const more = h('button', { type: 'button', class: 'button', onclick: next }, '再显示一些');
  const count = h('p', { class: 'soft', role: 'status' });
  let cursor;

  function add(page) {
    list.append(...page.items.map(line));
    cursor = page.next_cursor;
    more.hidden = !cursor;
    tell();
  }
  async function next() {
    more.disabled = true;
    await read(cursor).then(add, () => say('没有读到，请再试一次。'));
    more.disabled = false;
  }
  function tell() {
    count.textContent = list.children.length ? `选了 ${chosen.length} 张` : '这段时间没有可以选的：要已经结案，整改前后都有照片，整改后的照片没有疑点。';
  }
  function line(ticket) {
    const box = h('input', { type: 'checkbox', checked: chosen.includes(ticket.id) });
    box.addEventListener('change', () => {
      const at = chosen.indexOf(ticket.id);
      if (box.checked && at < 0) chosen.push(ticket.id);
      if (!box.checked && at >= 0) chosen.splice(at, 1);
      tell();
    });
    const photo = (address, words) => address && h('img', { src: address, alt: words, loading: 'lazy', width: 96, height: 96 });
    return h('li', null, h('label', { class: 'candidate' }, box, photo(ticket.cover, '整改前'), photo(ticket.after_cover, '整改后'), h('span', null, h('strong', { class: 'block' }, ticket.category.name), h('span', { class: 'block' }, placeOf(ticket)), ticket.description && h('span', { class: 'block small clip' }, ticket.description), h('span', { class: 'small soft' }, ticket.number))));
  }
  add(await read());
  return ask({
    title: '选典型案例',
    says: '照片会登在文中，登的是遮盖后的，还没有人看过的要先定。次序以后可以调。',
    more: h('div', { class: 'stack' }, count, list, more),
    words: '就选这些',
    method: 'PUT',
    path,
    shape: () => ({ version: report.version, cases: chosen }),
    done: '已保存，重新生成以后登在文中',
  });
}
