// Reference scores: whether the county wants them, the scores of a group, and what was frozen.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { actButton, longTable, mark, section, table } from '../admin/tables.js';
import { exact } from '../paper.js';
import { administers, isOffice } from '../roles.js';
import { units } from '../units.js';
import { countedThen, frozen, itemsOf, oneScore, versionOf } from './scores.js';

export function page(app, rest, again) {
  const [kind, id, source, half] = rest?.split('/') ?? [];
  if (kind === 'freezes') return { parts: () => frozen(app, id) };
  if (kind === 'scores' && half) return { parts: () => countedThen(app, id, source, half) };
  if (kind === 'scores') return { parts: () => oneScore(app, id, again) };
  return { parts: () => (kind === 'live' ? oneLive(app, id) : all(app, again)) };
}

const isCounty = (me) => me.posts.some(({ role, organisation_type: type }) => role === 'administrator' && type === 'county');

async function all(app, again) {
  const { on, history } = await get('/assessments/switch');
  const title = h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '考核参考分'), isCounty(app.me) && actButton(on ? '停用' : '启用', () => turn(!on, again), { name: on ? 'stop' : 'check', danger: on }));
  const says = h('p', { class: 'soft' }, '由平时的工单、巡查和记录算出，不用另外报。只是每月、每年的参考数，正式的分数在系统外签发；只有单位、公司和小区，没有个人。');
  const switched = history.length > 0 && h('details', null, h('summary', null, '历次启用'), table('历次启用', ['从', '到', '依据的文件'], history.map((one) => [one.from_on, one.to_on ?? '仍在启用', one.document])));
  if (!on) return [title, says, h('p', { class: 'note' }, icon('stop'), isCounty(app.me) ? '现在没有启用。启用以后才计算和显示，要写明依据的文件。' : '县里没有启用，所以没有分数。'), switched];
  return [title, says, ...(await scores(app, again)), switched];
}

async function turn(on, again) {
  const says = on ? '从今天起，全县的社区、村、物业公司看得到自己的参考分。' : '停用以后什么都不显示，已经固定的也不显示；再启用又看得到。';
  const done = await ask({ title: on ? '启用考核参考分？' : '停用考核参考分？', says, fields: [{ name: 'document', words: '依据的文件', most: 160, hint: '例如：示例〔2026〕8号' }], words: on ? '启用' : '停用', danger: !on, path: '/assessments/switch', shape: (body) => ({ on, ...body }), done: on ? '已启用' : '已停用' });
  if (done) await again();
}

/** Townships to choose from; of others than administrators any of their units means its own. */
async function towns(app) {
  const own = app.me.posts.filter(({ role }) => ['lead', 'supervisor'].includes(role)).map(({ organisation }) => [organisation.code, organisation.name]);
  if (!administers(app.me)) return own;
  const held = app.me.posts.filter(({ role, organisation_type: type }) => role === 'administrator' && type === 'town').map(({ organisation }) => [organisation.code, organisation.name]);
  const below = isCounty(app.me) ? (await units(app)).filter(([code]) => !app.me.posts.some(({ organisation }) => organisation.code === code)) : [];
  return [...new Map([...own, ...held, ...below])];
}

/** The last month or year that is over. */
function lastOf(period) {
  const [year, month] = today().split('-').map(Number);
  if (period === 'year') return String(year - 1);
  return month > 1 ? `${year}-${String(month - 1).padStart(2, '0')}` : `${year - 1}-12`;
}

async function asked(app) {
  const said = new URLSearchParams(location.search);
  const [{ items: schemes }, places] = await Promise.all([get('/assessments/schemes'), towns(app)]);
  const scheme = schemes.find(({ code }) => code === said.get('scheme')) ?? schemes[0];
  const isSuitable = /^\d{4}-\d\d$/.test(said.get('period') ?? '') === (scheme?.period === 'month');
  const period = (isSuitable && said.get('period')) || lastOf(scheme?.period);
  return { schemes, places, scheme, period, organisation: said.get('organisation') ?? places[0]?.[0] };
}

async function scores(app, again) {
  const about = await asked(app);
  const { schemes, scheme, period, organisation } = about;
  if (!scheme) return [h('p', { class: 'note amber' }, icon('warn'), '还没有装入考核方案。')];
  const query = { scheme: scheme.code, organisation, period };
  const read = (cursor) => get('/assessments/freezes', { organisation, limit: 20, cursor });
  const [found, first] = await Promise.all([get('/assessments', query), read()]);
  const names = Object.fromEntries(schemes.map(({ code, name }) => [code, name]));
  const before = first.items.filter((one) => one.scheme.code === scheme.code && one.period === period);
  const mayFreeze = found.over && (isOffice(app.me) || administers(app.me));
  const freezeButton = mayFreeze && actButton(before.length ? '再固定一次' : '固定', () => freeze(query, scheme, before, again), { name: 'check', main: !before.length });
  const row = (one) => [h('a', { class: 'as-link', href: app.href(`work/assessments/freezes/${one.id}`) }, one.period), names[one.scheme.code] ?? one.scheme.name, one.sequence > 1 ? `第 ${one.sequence} 次${one.reason ? `：${one.reason}` : ''}` : '第 1 次', exact(one.frozen_at)];
  return [
    chooser(app, about),
    section(`${scheme.name} ${period}`, freezeButton, h('p', { class: 'soft' }, found.over ? '时段已经结束；固定以后不再改动，各单位可以提出异议。' : '时段还没有结束，这是到现在为止的分。', versionOf(found.data_version)), live(app, found, query)),
    section('固定过的', null, longTable({ caption: '固定过的', heads: ['时段', '方案', '第几次', '固定的时间'], row, first, read, none: '还没有固定过。' })),
    h('details', null, h('summary', null, '这个方案怎样算分'), rules(scheme)),
  ];
}

function chooser(app, { schemes, places, scheme, period, organisation }) {
  const select = (id, words, options, value, changed) => h('div', { class: 'field' }, h('label', { for: id }, words), h('select', { id, name: id, onchange: changed }, options.map(([code, name]) => h('option', { value: code, selected: code === value }, name))));
  const input = h('input', { id: 'period', name: 'period', ...(scheme.period === 'month' ? { type: 'month' } : { type: 'number', min: 2000, max: 2100 }), value: period, required: true });
  const go = () => app.go(`work/assessments?${new URLSearchParams(new FormData(form))}`);
  const form = h('form', { class: 'card row wrap days', 'aria-label': '哪个方案', onsubmit: (event) => (event.preventDefault(), go()) }, select('scheme', '方案', schemes.map(({ code, name }) => [code, name]), scheme.code, go), places.length > 1 && select('organisation', '哪个镇', places, organisation, go), h('div', { class: 'field' }, h('label', { for: 'period' }, scheme.period === 'month' ? '月份' : '年份'), input), h('button', { class: 'button main' }, '查看'));
  return form;
}

const points = (item) => [`${item.earned}`, h('span', { class: 'soft small' }, item.way === 'bonus' ? ` 加分` : ` / ${item.points}`)];

function live(app, { items }, query) {
  if (!items.length) return h('p', { class: 'card soft' }, '您看得到的单位不在这一组里，请换一个方案。');
  const to = (code) => app.href(`work/assessments/live/${encodeURIComponent(code)}?${new URLSearchParams(query)}`);
  const heads = ['单位', '合计', ...items[0].items.map(({ name }) => name)];
  return table('各单位的参考分', heads, items.map((one) => [h('a', { class: 'as-link', href: to(one.subject.code) }, one.subject.name), h('strong', null, one.total), ...one.items.map(points)]));
}

/** One subject's score as of now, item by item. */
async function oneLive(app, code) {
  const query = new URLSearchParams(location.search);
  const found = await get(`/assessments?${query}`);
  const one = found.items.find(({ subject }) => subject.code === code);
  const back = h('p', null, h('a', { class: 'button', href: app.href(`work/assessments?${query}`) }, icon('back'), '全部单位'));
  if (!one) return [back, h('p', { class: 'card soft' }, '没有这个单位的分。')];
  return [
    back,
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${one.subject.name} ${found.scheme.name} ${found.period}`), mark(found.over ? '没有固定' : '到现在为止', 'yellow')),
    h('p', null, h('strong', { class: 'total' }, `${one.total} 分`), versionOf(found.data_version)),
    itemsOf(app, one.items),
    h('p', { class: 'card' }, `合计 ${one.items.map(({ earned }) => earned).join(' + ')} = ${one.total}`),
  ];
}

function rules({ items, highest, objection_days: days, red_from: red, black_below: black }) {
  const boards = red === null && black === null ? '不上红黑榜' : `不低于 ${red} 分上红榜，低于 ${black} 分上黑榜`;
  const each = (one) => (one.each === null ? one.way_label : `${one.way_label}，每件 ${one.each} 分`);
  return h('div', { class: 'stack' }, h('p', null, `最高 ${highest} 分；固定以后 ${days} 天内可以提出异议；${boards}。`), table('方案', ['项目', '满分', '怎样得分', '数的是什么', '分数从哪里来'], items.map((one) => [one.name, one.points, each(one), one.says, one.basis])));
}

async function freeze(query, scheme, before, again) {
  const done = await ask({
    title: `固定${scheme.name} ${query.period}？`,
    says: `固定以后不再改动，各单位 ${scheme.objection_days} 天内可以提出异议。`,
    fields: before.length ? [{ name: 'reason', words: '为什么再固定一次', kind: 'area', most: 400, hint: '原来固定的仍然保留。' }] : [],
    words: '固定',
    path: '/assessments/freezes',
    shape: (body) => ({ ...query, ...body }),
    done: '已固定',
  });
  if (done) await again();
}
