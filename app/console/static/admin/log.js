// The log: who changed what from what to what, and when.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { exact } from '../paper.js';
import { directory, townChooser } from './directory.js';
import { longTable } from './tables.js';
import { SUBJECTS, TITLES, differences } from './words.js';

const FILTERS = ['organisation', 'kind', 'subject', 'actor', 'from', 'to'];
const AT_ONCE = 50;

export function page(app) {
  return { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const narrowed = { limit: AT_ONCE };
  for (const name of FILTERS) if (asked.get(name)) narrowed[name] = asked.get(name);
  const read = (cursor) => get('/audit', { ...narrowed, cursor });
  const [known, first] = await Promise.all([directory(app), read()]);
  const names = new Map([...known.shared, ...known.towns, ...known.own].map(({ code, name }) => [code, name]));
  const named = (code) => names.get(code) ?? code;
  return [
    h('h1', null, '变更记录'),
    h('p', { class: 'soft' }, '管理上的每次改动都记在这里，只增不改。手机号只留前三位和后四位，口令从不出现。'),
    filters(app, known, asked),
    longTable({ caption: '变更记录', heads: ['时间', '谁', '改什么', '做了什么', '从什么改成什么'], row: (entry) => row(app, entry, named), first, read, none: '没有符合条件的记录。' }),
  ];
}

function filters(app, known, asked) {
  const text = (name, words, props = {}) => h('div', { class: 'field' }, h('label', { for: `log-${name}` }, words), h('input', { id: `log-${name}`, name, value: asked.get(name), autocomplete: 'off', ...props }));
  const choose = (name, words, options) => h('div', { class: 'field' }, h('label', { for: `log-${name}` }, words), h('select', { id: `log-${name}`, name }, h('option', { value: '' }, '全部'), options.map(([code, label]) => h('option', { value: code, selected: asked.get(name) === code }, label))));
  const places = [...new Map([...(known.town ? [known.town] : []), ...known.own, ...(known.isCounty ? [...known.towns, ...known.shared] : [])].map(({ code, name }) => [code, name]))];
  return h(
    'form',
    { class: 'card filters', 'aria-label': '筛选', onsubmit: submit },
    h(
      'div',
      { class: 'fields' },
      townChooser(app, known, 'admin/log', true),
      choose('organisation', '组织（含下级）', places),
      choose('kind', '关于什么', Object.entries(SUBJECTS)),
      text('subject', '所改的编码或用户名', { maxlength: 80 }),
      text('actor', '操作人的用户名', { maxlength: 64 }),
      text('from', '从哪天', { type: 'date' }),
      text('to', '到哪天', { type: 'date' }),
      h('div', { class: 'row' }, h('button', { class: 'button main' }, '查询'), h('a', { class: 'quiet', href: app.href('admin/log') }, icon('cross'), '清除')),
    ),
  );
  function submit(event) {
    event.preventDefault();
    const said = [...new FormData(event.target)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    app.go(`admin/log?${new URLSearchParams(said)}`);
  }
}

/** Where what was changed is shown, by what it is. */
const PLACES = { person: 'people', post: 'people', leave: 'people', organisation: 'organisations', compound: 'compounds', contract: 'compounds', checkpoint: 'compounds' };

/** A title by its words; what only the database knows by a number is not said. */
function subjectWords(subject) {
  return TITLES[subject] ?? (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(subject) ? '' : subject);
}

function row(app, entry, named) {
  const subject = PLACES[entry.kind] ? h('a', { class: 'as-link', href: app.href(`admin/${PLACES[entry.kind]}/${encodeURIComponent(entry.subject)}`) }, entry.subject) : h('span', { class: 'small' }, subjectWords(entry.subject));
  return h(
    'tr',
    null,
    h('td', { class: 'instant' }, exact(entry.at)),
    h('td', null, entry.actor ? [entry.actor.name, h('p', { class: 'small soft' }, entry.actor.username)] : h('span', { class: 'soft' }, '服务器命令行')),
    h('td', null, h('p', null, entry.kind_label, ' ', subject), entry.organisation && h('p', { class: 'small soft' }, entry.organisation.name)),
    h('td', null, entry.action_label),
    h('td', null, changes(entry, named)),
  );
}

function changes(entry, named) {
  const list = differences(entry, (code) => (code === entry.organisation?.code ? entry.organisation.name : named(code)));
  if (!list.length) return h('span', { class: 'soft' }, '—');
  const line = ([words, before, after]) => h('li', null, h('span', { class: 'soft' }, `${words}：`), before !== null && before !== undefined && (after === null || after === undefined ? h('del', null, before) : [h('del', null, before), h('span', { 'aria-hidden': 'true' }, ' → '), h('span', { class: 'unseen' }, '改成')]), after);
  return h('ul', { class: 'changes' }, list.map(line));
}
