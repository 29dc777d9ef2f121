// Pauses of the clock: where, which categories, by which paper, from when to when.

import { get, now } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { exact } from '../paper.js';
import { ask } from './asking.js';
import { COMMUNITIES, choices, directory, townChooser } from './directory.js';
import { actButton, longTable, mark, rowButton } from './tables.js';

export function page(app, rest, again) {
  return { parts: () => all(app, again) };
}

async function all(app, again) {
  const known = await directory(app);
  const read = (cursor) => get('/pauses', { organisation: known.town?.code, limit: 50, cursor });
  const [first, dictionary] = await Promise.all([read(), get('/dictionary', { town: known.town?.code })]);
  return [
    h('div', { class: 'row wrap days' }, h('h1', { class: 'grow' }, '暂停计时'), townChooser(app, known, 'admin/pauses'), actButton('登记暂停', () => begin(known, dictionary.items, again), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '按文件暂停一个地方的时限和巡查。危险情形（紧急期限）不停。登记过的不能删除，社区负责人和督查员都看得到。'),
    longTable({ caption: '暂停计时', heads: ['哪里', '哪些事项', '文件和事由', '起止', '登记', '状态', ''], row: (pause) => row(pause, known, again), first, read, none: '没有登记过暂停。' }),
  ];
}

const STATES = { cancelled: ['已取消', ''], over: ['已结束', ''], now: ['暂停中', 'yellow'], coming: ['还没开始', ''] };

function stateOf({ from, to }) {
  if (Date.parse(from) >= Date.parse(to)) return 'cancelled';
  if (Date.parse(to) <= now()) return 'over';
  return Date.parse(from) <= now() ? 'now' : 'coming';
}

function row(pause, known, again) {
  const state = stateOf(pause);
  const may = (state === 'now' || state === 'coming') && (known.isCounty || pause.organisation.code !== known.county.code);
  return [
    pause.organisation.name,
    pause.categories ? pause.categories.map(({ code, name }) => h('p', null, `${code} ${name}`)) : '全部，巡查也停',
    [h('p', null, pause.document), h('p', { class: 'small soft' }, pause.reason)],
    state === 'cancelled' ? '—' : [h('p', { class: 'instant' }, `${exact(pause.from)} 起`), h('p', { class: 'instant' }, `${exact(pause.to)} 止`)],
    [h('p', null, pause.made_by?.name ?? '服务器命令行'), h('p', { class: 'small soft' }, exact(pause.made_at))],
    mark(...STATES[state]),
    may && rowButton(state === 'now' ? '提前结束' : '取消', pause.document, () => end(pause, state, again), 'stop'),
  ];
}

async function begin(known, categories, again) {
  const places = [...(known.isCounty ? [[known.county.code, `${known.county.name}（全县）`]] : []), ...choices([...(known.town ? [known.town] : []), ...known.own], ['town', ...COMMUNITIES])];
  const done = await ask({
    title: '登记暂停计时',
    says: '登记后期限随即变动。已经给出去的时间不收回；要延长就再登记一次。',
    fields: [
      { name: 'organisation', words: '在哪里（含下级）', kind: 'choice', options: [...new Map(places)], value: known.town?.code },
      { name: 'document', words: '依据的文件号', most: 80 },
      { name: 'reason', words: '事由', kind: 'area', most: 400 },
      { name: 'from', words: '从什么时候', kind: 'time', hint: '可以补录 72 小时以内的。' },
      { name: 'to', words: '到什么时候', kind: 'time', hint: '最长 366 天。' },
      { name: 'categories', words: '哪些事项', kind: 'many', optional: true, options: categories.map(({ code, name }) => [code, `${code} ${name}`]), hint: '一个都不选就是全部，巡查也暂停。' },
    ],
    words: '登记',
    path: '/pauses',
    done: '已登记，期限随即变动',
  });
  if (done) await again();
}

async function end(pause, state, again) {
  const isNow = state === 'now';
  const done = await ask({
    title: isNow ? '提前结束这次暂停？' : '取消这次暂停？',
    says: [`${pause.organisation.name}，${pause.document}。`, isNow ? '从那时起期限接着算；已经给出去的时间不收回。' : '还没有开始，就此取消，期限不变。'],
    fields: isNow ? [{ name: 'at', words: '什么时候结束', kind: 'time', optional: true, hint: '不填就是现在。' }] : [],
    words: isNow ? '提前结束' : '取消暂停',
    danger: true,
    path: `/pauses/${pause.id}/end`,
    done: isNow ? '已结束' : '已取消',
  });
  if (done) await again();
}
