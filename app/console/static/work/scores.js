// One score with what was counted for it, what was frozen, objections with their answers, boards.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { mark, rowButton, section, table } from '../admin/tables.js';
import { exact } from '../paper.js';
import { isOffice } from '../roles.js';
import { ticketTable } from '../tickettable.js';

const API = '/api/v1/';
const FEW = 5;

/** Where the desk shows what the API lists at an address below its root; some it does not show. */
const SHOWN = [
  [/^kpis\/\w+\/\w+\?/, (path) => path],
  [/^assessments\/scores\//, (path) => `work/${path}`],
  [/^coverage\?/, (path, query) => `coverage/${query.get('week')}?organisation=${query.get('organisation')}`],
  [/^duties\/progress\?/, (path, query) => `work/duties?${query}`],
  [/^campaigns\/progress\?/, (path, query) => `work/campaigns/progress?half=${query.get('half')}`],
  [/^(cases|records)\/[\w-]+$/, (path) => `work/${path}`],
  [/^awards\?/, (path, query) => `work/awards?state=${query.get('state')}`],
];

function linked(app, address, words) {
  const path = address?.slice(address.indexOf(API) + API.length) ?? '';
  const [, to] = SHOWN.find(([pattern]) => pattern.test(path)) ?? [];
  return to ? h('a', { class: 'as-link', href: app.href(to(path, new URLSearchParams(path.split('?')[1]))) }, words) : words;
}

/** By which dictionary and rules, and as of when. */
export function versionOf({ catalogue, rules, as_of: at }) {
  return h('span', { class: 'soft small' }, ` 按第 ${catalogue} 版字典、第 ${rules} 版规则，算到 ${exact(at)}。`);
}

/** The items as a table that can be recomputed by hand; `act(item)` gives what can be done. */
export function itemsOf(app, items, act) {
  const row = (one) => [
    [h('strong', null, one.name), h('p', { class: 'small soft' }, one.way === 'share' ? one.says : one.says.replace(/ ÷ [^；]*/, ''))],
    linked(app, one.numerator_url, one.numerator),
    one.way === 'share' ? linked(app, one.denominator_url, one.denominator) : '—',
    h('span', { class: 'instant' }, one.formula),
    [h('strong', null, one.earned), h('span', { class: 'soft small' }, one.way === 'bonus' ? ` 至多 ${one.points}` : ` / ${one.points}`)],
    linesOf(app, one.lines),
    ...(act ? [act(one)] : []),
  ];
  return table('各项得分', ['项目', '分子（件数）', '分母', '算式', '得分', '一条一条', ...(act ? [''] : [])], items.map(row));
}

function linesOf(app, lines) {
  if (!lines.length) return '—';
  const list = (some) => h('ul', null, some.map(({ text, url }) => h('li', null, linked(app, url, text))));
  if (lines.length <= FEW) return list(lines);
  return h('details', null, h('summary', null, `${lines.length} 条`), list(lines));
}

const back = (app, to, words) => h('p', null, h('a', { class: 'button', href: app.href(to) }, icon('back'), words));

/** A freeze: its scores, and the boards. */
export async function frozen(app, id) {
  const path = `/assessments/freezes/${encodeURIComponent(id)}`;
  const [whole, board] = await Promise.all([get(path), get(`${path}/board`)]);
  const row = (one) => [h('a', { class: 'as-link', href: app.href(`work/assessments/scores/${one.id}`) }, one.subject.name), one.total, one.corrected === one.total ? '—' : h('strong', null, one.corrected)];
  const names = (list) => (list.length ? h('ul', null, list.map(({ subject, corrected }) => h('li', null, `${subject.name} ${corrected} 分`))) : h('p', { class: 'soft' }, '没有。'));
  return [
    back(app, `work/assessments?${new URLSearchParams({ scheme: whole.scheme.code, period: whole.period, organisation: whole.organisation.code })}`, '考核参考分'),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${whole.organisation.name} ${whole.scheme.name} ${whole.period}`), mark(`第 ${whole.sequence} 次固定`, 'green')),
    h('p', null, `${exact(whole.frozen_at)} 固定。`, whole.reason && `原因：${whole.reason}。`, versionOf(whole.data_version)),
    table('固定的参考分', ['单位', '固定时', '答复异议以后'], whole.scores.map(row), '没有您看得到的单位。'),
    h('div', { class: 'boards' }, section('红榜', null, h('div', { class: 'card' }, names(board.red))), section('黑榜', null, h('div', { class: 'card' }, names(board.black)))),
    h('p', { class: 'soft' }, '只有单位和公司上榜，小区、个人不上榜。'),
  ];
}

/** A frozen score whole, with its one objection. */
export async function oneScore(app, id, again) {
  const path = `/assessments/scores/${encodeURIComponent(id)}`;
  const one = await get(path);
  const { freeze, objection } = one;
  const mayObject = !objection && today() <= one.objections_until && app.me.posts.some(({ role }) => role === 'lead');
  const act = mayObject && ((item) => rowButton('提出异议', item.name, () => object(path, item, again), 'edit'));
  return [
    back(app, `work/assessments/freezes/${freeze.id}`, '这一次固定的'),
    h('h1', null, `${one.subject.name} ${freeze.scheme.name} ${freeze.period}`),
    h('p', null, h('strong', { class: 'total' }, `${one.corrected} 分`), one.corrected !== one.total && ` 固定时 ${one.total} 分，答复异议以后改的。`, versionOf(freeze.data_version)),
    objection && objectionOf(app, one, again),
    itemsOf(app, one.items, act),
    h('p', { class: 'card' }, `合计 ${one.sum}`),
    !objection && h('p', { class: 'soft' }, today() <= one.objections_until ? `${one.objections_until} 以前（含当天），社区负责人、物业公司可以对一项提出一次异议。` : `异议期限 ${one.objections_until} 已过。`),
  ];
}

async function object(path, item, again) {
  const done = await ask({ title: `对“${item.name}”提出异议`, says: '一个分数只能对一项提出一次，镇创建办答复一次。', fields: [{ name: 'text', words: '理由和依据', kind: 'area', most: 1000, hint: '例如哪张工单不该算、已经尽职并有记录。不写居民姓名和房号。' }], words: '提出异议', path: `${path}/objections`, shape: ({ text }) => ({ item: item.source, text }), done: '已提出' });
  if (done) await again();
}

function objectionOf(app, one, again) {
  const { objection } = one;
  const item = one.items.find(({ source }) => source === objection.item);
  const outcome = objection.accepted === null ? mark('等待答复', 'yellow') : mark(objection.exempt ? '同意，尽职免责' : objection.accepted ? '同意' : '不同意', objection.accepted ? 'green' : '');
  const change = objection.change ? `，这一项${objection.change > 0 ? '加' : '减'} ${Math.abs(objection.change)} 分` : '';
  const answers = objection.accepted === null && isOffice(app.me) && rowButton('答复', item.name, () => answer(objection, item, again), 'reply');
  return section(
    `对“${item.name}”的异议`,
    answers,
    h('div', { class: 'card stack' }, h('p', null, outcome, h('span', { class: 'small soft' }, ` ${exact(objection.made_at)} 提出`)), h('p', { class: 'words' }, objection.text), objection.answer && h('p', { class: 'words' }, h('strong', null, '答复：'), objection.answer, h('span', { class: 'small soft' }, ` ${exact(objection.answered_at)}${change}`))),
  );
}

async function answer(objection, item, again) {
  const ways = [['refuse', '不同意'], ['points', '同意，改这一项的分'], item.way !== 'bonus' && ['exempt', '同意，已尽职并有记录，免责（得满分）']].filter(Boolean);
  const done = await ask({
    title: `答复对“${item.name}”的异议`,
    says: `这一项固定时 ${item.earned} 分，满分 ${item.points} 分。只答复一次；固定的分不动，改了几分记在旁边。`,
    fields: [
      { name: 'decision', words: '怎样答复', kind: 'choice', options: ways },
      { name: 'points', words: '改为几分', kind: 'number', optional: true, hint: '同意改分的填。' },
      { name: 'text', words: '答复', kind: 'area', most: 1000 },
    ],
    words: '答复',
    path: `/assessments/objections/${objection.id}/answer`,
    shape: ({ decision, points, text }) => ({ accepted: decision !== 'refuse', exempt: decision === 'exempt', text, ...(decision === 'points' && { points }) }),
    done: '已答复',
  });
  if (done) await again();
}

/** Exactly the tickets that were counted when the score was frozen. */
export async function countedThen(app, id, source, half) {
  const path = `/assessments/scores/${encodeURIComponent(id)}`;
  const read = (cursor) => get(`${path}/${encodeURIComponent(source)}/${encodeURIComponent(half)}`, { limit: 50, cursor });
  const [one, first] = await Promise.all([get(path), read()]);
  const tickets = (page) => ({ ...page, items: page.items.map(({ ticket }) => ticket) });
  const item = one.items.find((each) => each.source === source);
  return [
    back(app, `work/assessments/scores/${id}`, one.subject.name),
    h('h1', null, `${one.subject.name} ${one.freeze.period}：${item?.name ?? ''}的${half === 'numerator' ? '分子' : '分母'}`),
    h('p', { class: 'soft' }, `${item?.says ?? ''}。是固定时数的工单。`),
    ticketTable(app, tickets(first), async (cursor) => tickets(await read(cursor))),
  ];
}
