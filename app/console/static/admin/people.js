// People: finding somebody among hundreds, and making an account with its first post.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from './asking.js';
import { directory, inUse, townChooser } from './directory.js';
import { onePerson } from './person.js';
import { postFields } from './posts.js';
import { actButton, longTable, mark } from './tables.js';

const AT_ONCE = 50;

export function page(app, username, again) {
  return username ? onePerson(app, username, again) : { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const known = await directory(app);
  const narrowed = { organisation: asked.get('organisation') ?? (known.isCounty ? undefined : known.town?.code), q: asked.get('q') ?? undefined, limit: AT_ONCE };
  const read = (cursor) => get('/people', { ...narrowed, cursor });
  const first = await read();
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '人员和岗位'), actButton('新建账号', () => make(app, known), { name: 'plus', main: true })),
    finder(app, known, asked),
    longTable({ caption: '人员', heads: ['姓名', '用户名', '手机号', '岗位', '账号'], row: (person) => row(app, person), first, read, none: '没有找到。换个词，或看看别的组织。' }),
  ];
}

function finder(app, known, asked) {
  const town = townChooser(app, known, 'admin/people', true);
  const groups = [[known.town?.name ?? '本镇', known.town ? [known.town, ...known.own.filter(({ code }) => code !== known.town.code)] : []], ['县级单位', known.isCounty ? known.shared : []]];
  const option = (one) => h('option', { value: one.code, selected: one.code === asked.get('organisation') }, `${one.name}${inUse(one) ? '' : '（已停用）'}`);
  const select = h('select', { id: 'where', name: 'organisation' }, h('option', { value: '' }, known.isCounty ? '全县' : '本镇全部'), groups.filter(([, list]) => list.length).map(([label, list]) => h('optgroup', { label }, list.map(option))));
  const word = h('input', { id: 'word', name: 'q', type: 'search', maxlength: 64, value: asked.get('q'), autocomplete: 'off' });
  return h(
    'form',
    { class: 'card row wrap days', role: 'search', 'aria-label': '找人', onsubmit: submit },
    town,
    h('div', { class: 'field' }, h('label', { for: 'where' }, '在哪个组织'), select),
    h('div', { class: 'field grow' }, h('label', { for: 'word' }, '姓名、用户名或手机号里的一段'), word),
    h('button', { class: 'button main' }, '查找'),
    h('a', { class: 'quiet', href: app.href('admin/people') }, icon('cross'), '清除'),
  );
  function submit(event) {
    event.preventDefault();
    app.go(`admin/people?${new URLSearchParams([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value))}`);
  }
}

function row(app, person) {
  const posts = person.posts.map((post) => `${post.organisation.name} ${post.role_label}${post.deputises ? `（代理${post.deputises.name}）` : ''}`);
  return [
    h('a', { class: 'as-link', href: app.href(`admin/people/${encodeURIComponent(person.username)}`) }, person.name),
    person.username,
    person.phone ?? '—',
    posts.length ? posts.map((words) => h('p', null, words)) : h('span', { class: 'soft' }, '没有岗位'),
    [!person.active ? mark('已停用', 'yellow') : !person.has_password ? mark('还没有口令', 'yellow') : mark('可以登录', 'green'), person.leaves.length > 0 && h('p', { class: 'small' }, '有请假')],
  ];
}

async function make(app, known) {
  const made = await ask({
    title: '新建账号',
    fields: [
      { name: 'name', words: '姓名', most: 64 },
      { name: 'username', words: '用户名', most: 64, hint: '登录用：字母、数字，可以有 . _ - @，定了就不能改。' },
      { name: 'phone', words: '手机号', optional: true, most: 11, inputmode: 'numeric' },
      ...postFields(known, 'post.'),
    ],
    more: h('p', { class: 'soft' }, '岗位从今天起。账号建好以后再设口令，交给本人。'),
    words: '新建',
    path: '/people',
    done: '已新建，请接着设口令',
  });
  if (made) await app.go(`admin/people/${encodeURIComponent(made.username)}`);
}
