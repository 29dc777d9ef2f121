// One area a month: the plan, one campaign with its actions and steps, the half year, the candidates.

import { get, send } from '../../faces/api.js';
import { h, say } from '../../faces/dom.js';
import { newId } from '../../faces/ids.js';
import { icon } from '../../faces/icons.js';
import { placeOf } from '../../faces/tickets.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { actButton, longTable, mark, rowButton, section } from '../admin/tables.js';
import { AREAS } from '../admin/words.js';
import { photoField } from '../photofield.js';
import { surroundings } from '../places.js';
import { plansFor, units } from '../units.js';
import { candidates } from './candidates.js';
import { photosOf } from './photos.js';

const VIEWS = [['', '每月安排'], ['progress', '半年进度'], ['candidates', '年底候选']];

export function page(app, rest, again) {
  if (rest === 'progress') return { parts: () => progress(app) };
  if (rest === 'candidates') return { parts: () => candidates(app, views(app, rest)) };
  return rest ? one(app, rest, again) : { parts: () => plan(app) };
}

function views(app, here = '') {
  return h('nav', { class: 'row wrap', 'aria-label': '一月一区' }, VIEWS.map(([to, words]) => h('a', { class: `button${to === here ? ' main' : ''}`, href: app.href(`work/campaigns${to && `/${to}`}`), 'aria-current': to === here ? 'page' : null }, words)));
}

async function plan(app) {
  const asked = new URLSearchParams(location.search);
  const month = asked.get('month') ?? today().slice(0, 7);
  const organisation = asked.get('organisation') || undefined;
  const read = (cursor) => get('/campaigns', { month: month || undefined, organisation, limit: 50, cursor });
  const [first, places] = await Promise.all([read(), units(app)]);
  const row = (each) => [h('a', { class: 'as-link', href: app.href(`work/campaigns/${each.id}`) }, each.compound.name, each.area_label && `（${each.area_label}）`), each.organisation.name, each.month, `${each.actions_done} / ${each.actions}`, standingOf(each)];
  return [
    views(app),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '一月一区'), app.me.posts.some(({ role }) => ['lead', 'supervisor'].includes(role)) && actButton('安排一个小区', () => begin(app, month), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '一个社区每月对一个小区（或它的一个部位）做六项行动，每项按四步走。发现的问题不另填：这个月这里的工单就是。'),
    chooser(app, month, organisation, places),
    longTable({ caption: '行动', heads: ['哪里', '社区（村）', '月份', '完成的行动', '情况'], row, first, read, none: '这个月还没有安排。' }),
  ];
}

function standingOf(each) {
  if (each.dropped_at) return [mark('已取消'), h('p', { class: 'small' }, each.dropped_because)];
  return each.completed_on ? mark(`${each.completed_on} 完成`, 'green') : mark('进行中', 'yellow');
}

function chooser(app, month, organisation, places) {
  const form = h('form', { class: 'card row days', 'aria-label': '哪个月', onsubmit: (event) => (event.preventDefault(), go()) }, h('div', { class: 'field' }, h('label', { for: 'month' }, '月份'), h('input', { id: 'month', name: 'month', type: 'month', value: month })), h('div', { class: 'field' }, h('label', { for: 'organisation' }, '单位'), h('select', { id: 'organisation', name: 'organisation' }, h('option', { value: '' }, '全部'), places.map(([code, name]) => h('option', { value: code, selected: code === organisation }, name)))), h('button', { class: 'button main' }, '查看'));
  const go = () => app.go(`work/campaigns?${new URLSearchParams(new FormData(form))}`);
  return form;
}

/** Those one may plan for, as choices. */
async function compoundsFor(app) {
  const { compounds } = await surroundings();
  return compounds.filter(({ organisation }) => plansFor(app.me, organisation.code)).map(({ code, name, organisation }) => [code, `${name}（${organisation.name}）`]);
}

async function begin(app, month) {
  const made = await ask({
    title: '安排一个月的行动',
    fields: [
      { name: 'compound', words: '小区', kind: 'choice', options: await compoundsFor(app) },
      { name: 'month', words: '月份', value: month, hint: '例如 2026-12。', most: 7 },
      { name: 'area', words: '部位', kind: 'choice', options: Object.entries(AREAS), none: '整个小区' },
    ],
    words: '安排',
    path: '/campaigns',
    shape: ({ area, ...body }) => ({ ...body, ...(area && { area }) }),
    done: '已安排',
  });
  if (made) await app.go(`work/campaigns/${made.id}`);
}

async function one(app, id, again) {
  const path = `/campaigns/${encodeURIComponent(id)}`;
  const { compound, month } = await get(path);
  return {
    title: `${compound.name} ${month}`,
    parts: async () => {
      const [whole, found] = await Promise.all([get(path), get(`${path}/tickets`, { limit: 50 })]);
      return shown(app, whole, found, { path, again, may: plansFor(app.me, whole.organisation.code) && !whole.dropped_at });
    },
  };
}

function shown(app, whole, found, about) {
  return [
    h('p', null, h('a', { class: 'button', href: app.href(`work/campaigns?month=${whole.month}`) }, icon('back'), '每月安排')),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${whole.compound.name}${whole.area_label ? `（${whole.area_label}）` : ''} ${whole.month}`), standingOf(whole), about.may && !whole.completed_on && actButton('取消安排', () => drop(about), { name: 'stop', danger: true })),
    h('div', { class: 'campaign' }, whole.parts.map((part) => partCard(part, whole, about))),
    section(`发现的问题${found.items.length ? ` ${found.items.length}${found.next_cursor ? ' 张以上' : ' 张'}` : ''}`, h('a', { class: 'button', href: app.href(`tickets?compound=${whole.compound.code}`) }, '这个小区的工单'), findings(app, found.items)),
  ];
}

function partCard(part, whole, about) {
  const isDone = !part.next.length && part.steps.length > 0;
  const last = part.steps[part.steps.length - 1];
  const step = (each) => h('li', null, h('p', null, h('strong', null, each.step_label), ` ${each.done_on}`), each.note && h('p', { class: 'small' }, each.note), photosOf(each.photo_ids));
  return h(
    'section',
    { class: 'card stack', 'aria-label': part.action_label },
    h('div', { class: 'row wrap' }, h('h2', { class: 'grow' }, part.action_label), isDone ? mark('做完', 'green') : mark(part.steps.length ? `第 ${part.steps.length} 步` : '没有开始', part.steps.length ? 'yellow' : '')),
    h('p', { class: 'small soft' }, part.found ? `发现问题 ${part.found} 个，办结 ${part.closed} 个` : '没有发现问题'),
    part.steps.length > 0 && h('ol', { class: 'timeline' }, part.steps.map(step)),
    about.may && h('div', { class: 'row wrap' }, part.next.length > 0 && rowButton('记下一步', part.action_label, () => record(part, whole, about), 'plus'), last && !whole.completed_on && rowButton('撤回最后一步', part.action_label, () => withdraw(part, last, about), 'undo')),
  );
}

function findings(app, items) {
  const photo = (address, words) => address && h('img', { src: address, alt: words, loading: 'lazy', width: 96, height: 96 });
  if (!items.length) return h('p', { class: 'card soft' }, '没有。');
  return h('ul', { class: 'sentences' }, items.map((ticket) => h('li', { class: 'card row small-photos' }, photo(ticket.cover, '整改前'), photo(ticket.after_cover, '整改后'), h('div', { class: 'grow' }, h('a', { class: 'as-link', href: app.href(`tickets/${ticket.id}`) }, ticket.category.name), h('p', { class: 'small' }, placeOf(ticket)), mark(ticket.state_label)))));
}

/** One step, of one action or of several with the same photos: each is a request of its own. */
async function record(part, whole, { path, again }) {
  const [{ step: next }] = part.next;
  const alike = whole.parts.filter((other) => other !== part && other.next.some(({ step }) => step === next));
  let others = [];
  const bodyFor = ({ also: _, note, ...said }, action) => ({ ...said, action, ...(note && { note }) });
  let kept;
  const done = await ask({
    title: `${part.action_label}：记下一步`,
    says: '每一步要有日期和至少一张照片。查看过没有这类问题的，选“没有这类问题”，写明查看了哪里，后面几步不必再做。',
    fields: [
      { name: 'step', words: '哪一步', kind: 'choice', options: part.next.map(({ step, step_label: words }) => [step, words]), value: next },
      { name: 'done_on', words: '哪天做的', kind: 'day', value: today() },
      photoField({ name: 'photo_ids', words: '照片', least: 1 }),
      { name: 'note', words: '说明', kind: 'area', optional: true, most: 500 },
      alike.length > 0 && { name: 'also', words: '同一次做的还有（用同样的照片）', kind: 'many', optional: true, options: alike.map(({ action, action_label: words }) => [action, words]) },
    ].filter(Boolean),
    words: '记下',
    path: `${path}/steps`,
    shape: (body) => {
      kept = body;
      others = body.also ?? [];
      return bodyFor(body, part.action);
    },
    done: '已记下',
  });
  if (!done) return;
  for (const action of others) {
    try {
      await send('POST', `${path}/steps`, { key: newId(), body: bodyFor(kept, action) });
    } catch (error) {
      say(`${alike.find((other) => other.action === action).action_label}没有记上：${error.title ?? '没有连上服务器'}`);
    }
  }
  await again();
}

async function withdraw(part, last, { path, again }) {
  if (await ask({ title: `撤回“${last.step_label}”？`, says: `${part.action_label} ${last.done_on}：记错了才撤回。`, words: '撤回', danger: true, path: `${path}/steps/${last.id}/withdraw`, shape: () => undefined, done: '已撤回' })) await again();
}

async function drop({ path, again }) {
  if (await ask({ title: '取消安排？', says: '记录过的都保留。', fields: [{ name: 'note', words: '为什么取消', kind: 'area', most: 500 }], words: '取消安排', danger: true, path: `${path}/drop`, done: '已取消' })) await again();
}

async function progress(app) {
  const asked = new URLSearchParams(location.search);
  const [year, month] = today().split('-').map(Number);
  const now = `${year}H${month < 7 ? 1 : 2}`;
  const half = asked.get('half') ?? now;
  const halves = [0, 1, 2, 3].map((back) => {
    const count = year * 2 + (month < 7 ? 0 : 1) - back;
    return `${Math.floor(count / 2)}H${(count % 2) + 1}`;
  });
  const read = (cursor) => get('/campaigns/progress', { half, limit: 50, cursor });
  const first = await read();
  const months = first.items[0]?.months.map((each) => each.month) ?? [];
  const row = (line) => [h('a', { class: 'as-link', href: app.href(`work/campaigns?month=&organisation=${line.organisation.code}`) }, line.organisation.name), `${line.done} / ${line.compounds}`, line.missing.length ? line.missing.map(({ name }) => name).join('、') : mark('都做完', 'green'), ...line.months.map((each) => (each.planned < each.needed ? h('span', { class: 'light yellow' }, `${each.planned} / ${each.needed}`) : `${each.planned} / ${each.needed}`))];
  return [
    views(app, 'progress'),
    h('h1', null, `半年进度 ${half.slice(0, 4)} 年${half.endsWith('1') ? '上' : '下'}半年`),
    h('nav', { class: 'quick', 'aria-label': '哪半年' }, halves.map((one_) => h('a', { href: app.href(`work/campaigns/progress?half=${one_}`), 'aria-current': one_ === half ? 'page' : null }, `${one_.slice(0, 4)} ${one_.endsWith('1') ? '上' : '下'}半年`))),
    h('p', { class: 'soft' }, '这半年里做完过一次整个小区，或四个部位都做完过，才算完成。月份下面是：安排了几个 / 该安排几个。'),
    longTable({ caption: '半年进度', heads: ['社区（村）', '完成的小区', '还差的小区', ...months], row, first, read, none: '没有小区。' }),
  ];
}

