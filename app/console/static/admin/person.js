// One person: the account, the posts with their dates, absences with who stands in, the sign-in.

import { get } from '../../faces/api.js';
import { fill, h, sheet } from '../../faces/dom.js';
import { ask } from './asking.js';
import { span, stateOf, today } from './days.js';
import { directory } from './directory.js';
import { back } from './organisations.js';
import { postFields } from './posts.js';
import { actButton, facts, mark, rowButton, section, table } from './tables.js';

const STATES = { now: ['在任', 'green'], coming: ['还没开始', 'yellow'], over: ['已结束', ''] };

export async function onePerson(app, username, again) {
  const path = `/people/${encodeURIComponent(username)}`;
  const { name } = await get(path);
  return { title: name, parts: async () => shown(app, await get(path), { path, again, known: await directory(app) }) };
}

function shown(app, person, about) {
  const { name, username } = person;
  return [
    back(app, 'admin/people', '全部人员'),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${name}（${username}）`), person.active ? mark('账号在用', 'green') : mark('账号已停用', 'yellow')),
    h('div', { class: 'card row wrap' }, h('div', { class: 'grow' }, facts([['用户名', username], ['手机号', person.phone ?? '没有'], ['口令', person.has_password ? '已设' : '还没有设，不能登录']])), actButton('改姓名、手机号', () => change(person, about), { name: 'edit' })),
    section('登录', null, h('div', { class: 'card row wrap' }, person.username === app.me.username ? ownSignIn(app) : signInActs(person, about))),
    section('岗位', person.active && actButton('设岗位', () => give(person, about), { name: 'plus' }), posts(person, about)),
    section('请假和代理', person.active && actButton('登记请假', () => leave(person, about), { name: 'plus' }), leaves(person, about)),
    h('p', { class: 'row wrap' }, h('a', { class: 'as-link', href: app.href(`admin/log?subject=${encodeURIComponent(username)}`) }, '这个人的变更记录'), h('a', { class: 'as-link', href: app.href(`admin/log?actor=${encodeURIComponent(username)}`) }, '这个人做过的改动')),
  ];
}

/** Who resets their own would be signed out in the middle of it. */
function ownSignIn(app) {
  return [h('p', { class: 'grow' }, '这是您自己的账号：口令和登录在“我的账号”里管，停用请另一位管理员做。'), h('a', { class: 'button', href: app.href('me/account') }, '我的账号')];
}

function signInActs(person, about) {
  if (!person.active) return [h('p', { class: 'grow' }, '账号已停用，不能登录。恢复后用原来的口令，岗位照旧。'), actButton('恢复账号', () => act(person, about, ACTS.activate), { name: 'undo', main: true })];
  return [
    h('p', { class: 'grow soft' }, '忘了口令、因输错口令被锁住、手机丢了，都在这里办。'),
    actButton(person.has_password ? '重设口令' : '设口令', () => freshPassword(person, about), { name: 'redo', main: !person.has_password }),
    actButton('注销登录', () => act(person, about, ACTS['sign-out']), { name: 'out' }),
    actButton('解除微信绑定', () => act(person, about, ACTS.unbind), { name: 'phone' }),
    actButton('停用账号', () => act(person, about, ACTS.deactivate), { name: 'stop', danger: true }),
  ];
}

const ACTS = {
  activate: { verb: 'activate', title: '恢复账号？', says: '恢复以后，这个人可以用原来的口令登录，岗位照旧。', words: '恢复', done: '账号已恢复' },
  'sign-out': { verb: 'sign-out', title: '注销登录？', says: '这个人在所有手机和电脑上的登录立即失效，口令不变，可以再登录。手机里还没发出的会留着。', words: '注销登录', danger: true, done: '登录已失效' },
  unbind: { verb: 'unbind', title: '解除微信绑定？', says: '换了微信，或手机号归了别人时用。登录立即失效；以后本人用登记的手机号重新绑定。没有绑定过的，什么都不变。', words: '解除绑定', danger: true, done: '微信绑定已解除' },
  deactivate: { verb: 'deactivate', title: '停用账号？', says: '登录立即失效，以后不能登录。岗位不变，做过的事都保留；随时可以恢复。', words: '停用账号', danger: true, done: '账号已停用' },
};

async function act(person, { path, again }, { verb, title, ...more }) {
  if (await ask({ title: `${person.name}：${title}`, path: `${path}/${verb}`, shape: () => undefined, ...more })) await again();
}

/** The password is told once: it stays on the screen until it is put away. */
async function freshPassword(person, { path, again }) {
  const told = await ask({
    title: person.has_password ? `重设${person.name}的口令？` : `给${person.name}设口令`,
    says: [person.has_password && '原来的口令作废，这个人在各处的登录立即失效；因输错口令被锁住的，同时解开。', '新口令由系统随机生成，只显示这一次。'].filter(Boolean),
    words: person.has_password ? '重设口令' : '设口令',
    danger: person.has_password,
    path: `${path}/reset-password`,
    shape: () => undefined,
  });
  if (!told) return;
  await sheet(`${person.name}的新口令`, (close) => passwordShown(told, close));
  await again();
}

function passwordShown({ username, password }, close) {
  if (!password) return h('div', { class: 'stack' }, h('p', { class: 'note amber' }, '口令已经重设过，但那次的答复没有收到，口令不能再显示。请再重设一次。'), h('button', { type: 'button', class: 'button main', onclick: () => close() }, '知道了'));
  const copied = h('p', { role: 'status' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(password);
      copied.textContent = '已复制。';
    } catch {
      copied.textContent = '这个浏览器不让复制，请照着抄下来。';
    }
  };
  return h('div', { class: 'stack' }, facts([['用户名', username], ['新口令', h('output', { class: 'password' }, password)]]), h('p', { class: 'note amber' }, '关掉以后不能再看到。请现在抄下来或复制，当面或电话告诉本人，请本人登录后自己改掉。'), copied, h('div', { class: 'row wrap' }, actButton('复制口令', copy, { name: 'ticket' }), actButton('已经记下，关闭', () => close(), { main: true })));
}

async function change(person, { path, again }) {
  const done = await ask({
    title: `改${person.name}的姓名、手机号`,
    fields: [{ name: 'name', words: '姓名', value: person.name, most: 64 }, { name: 'phone', words: '手机号', value: person.phone, optional: true, most: 11, inputmode: 'numeric' }],
    words: '保存',
    method: 'PUT',
    path,
    done: '已保存',
  });
  if (done) await again();
}

function posts(person, about) {
  const rank = { now: 0, coming: 1, over: 2 };
  const list = [...person.posts].sort((a, b) => rank[stateOf(a)] - rank[stateOf(b)] || (a.from_on < b.from_on ? 1 : -1));
  const row = (post) => {
    const state = stateOf(post);
    const name = `${post.organisation.name} ${post.role_label}`;
    return [post.role_label, post.organisation.name, span(post), [mark(...STATES[state]), post.deputises && h('p', { class: 'small' }, `代理${post.deputises.name}`)], state !== 'over' && !post.deputises && rowButton('结束', name, () => end(person, post, about), 'stop')];
  };
  return table('岗位', ['岗位', '在哪里', '起止', '状态', ''], list.map(row), '没有岗位：可以登录，但什么也看不到。');
}

async function give(person, { path, again, known }) {
  const done = await ask({
    title: `给${person.name}设岗位`,
    says: '一个人可以有几个岗位。原来的岗位要另外结束。',
    fields: [...postFields(known), { name: 'from_on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' }],
    words: '设岗位',
    path: `${path}/posts`,
    done: '已设岗位',
  });
  if (done) await again();
}

async function end(person, post, { path, again }) {
  const done = await ask({
    title: `结束${person.name}的岗位？`,
    says: `${post.organisation.name} ${post.role_label}：从那天起不再有这个岗位，看不到也办不了那里的事。做过的事都保留；请假代理他的人，这个岗位同日结束。`,
    fields: [{ name: 'on', words: '从哪天起没有', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '结束岗位',
    danger: true,
    path: `${path}/posts/${post.id}/end`,
    done: '岗位已结束',
  });
  if (done) await again();
}

function leaves(person, about) {
  const row = (leave) => [leave.deputy.name, span(leave), mark(...(leave.from_on > today() ? ['还没开始', 'yellow'] : ['请假中', 'green'])), rowButton('提前回岗', `${leave.deputy.name}代理`, () => endLeave(person, leave, about), 'undo')];
  return table('请假和代理', ['代理人', '起止', '状态', ''], person.leaves.map(row), '没有正在和将要的请假。');
}

async function leave(person, { path, again, known }) {
  const suggested = h('datalist', { id: 'deputies' });
  const suggest = async (q) => {
    const { items } = await get('/people', { organisation: known.town?.code, q: q.trim() || undefined, limit: 30 });
    const others = items.filter((one) => one.active && one.username !== person.username);
    fill(suggested, others.map(({ username, name, posts: [post] }) => h('option', { value: username }, `${name}（${post ? `${post.organisation.name} ${post.role_label}` : username}）`)));
  };
  await suggest('');
  const done = await ask({
    title: `${person.name}请假`,
    says: '请假期间代理人有同样的岗位，回岗日当天就没有了；请假人自己的岗位不动。',
    fields: [
      { name: 'from_on', words: '请假首日', kind: 'day', value: today() },
      { name: 'to_on', words: '回岗日', kind: 'day', hint: '当天已经回来上班。' },
      { name: 'deputy', words: '代理人的用户名', list: 'deputies', most: 64, hint: '打姓名、用户名或手机号里的一段，从列出的人里选。', typed: (text) => suggest(text).catch(() => {}) },
    ],
    more: suggested,
    words: '登记请假',
    path: `${path}/leave`,
    done: '已登记',
  });
  if (done) await again();
}

async function endLeave(person, leave, { path, again }) {
  const done = await ask({
    title: `${person.name}提前回岗？`,
    says: `从那天起${leave.deputy.name}不再代理。`,
    fields: [{ name: 'on', words: '哪天回岗', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '提前回岗',
    path: `${path}/leave/${leave.id}/end`,
    done: '已登记回岗',
  });
  if (done) await again();
}
