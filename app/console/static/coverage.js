// The coverage board: each community and week, what was walked beside what spot checks found.

import { get, getAll } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { exact } from './paper.js';

const WEEKS = [4, 8, 13, 26];

export async function page(app) {
  const asked = new URLSearchParams(location.search);
  const weeks = asked.get('weeks') ?? '8';
  const board = await get('/coverage/summary', { weeks });
  const choose = WEEKS.map((count) => h('a', { href: app.href(`coverage?weeks=${count}`), 'aria-current': String(count) === weeks ? 'page' : null }, `近 ${count} 周`));
  const body = h(
    'div',
    { class: 'page' },
    h('nav', { class: 'quick', 'aria-label': '几周' }, choose),
    h('div', { class: 'row wrap' }, h('h1', null, '巡查覆盖'), h('p', { class: 'soft' }, '“自报”是网格员登记的完整巡查占应巡小区的多少；“抽查”是督查员重走其中随机抽到的几个，有几个有问题。')),
    h('div', { class: 'wide' }, h('table', { class: 'board' }, h('caption', { class: 'unseen' }, '各社区各周的巡查覆盖'), head(board), h('tbody', null, board.items.map((item) => row(app, item))))),
  );
  return { title: '巡查覆盖', tab: 'coverage', body };
}

function head({ weeks }) {
  return h('thead', null, h('tr', null, h('th', { scope: 'col' }, '社区（村）'), [...weeks].reverse().map((week) => h('th', { scope: 'col' }, weekName(week), h('span', { class: 'small block' }, firstDay(week))))));
}

function row(app, { organisation, weeks }) {
  return h('tr', null, h('th', { scope: 'row' }, organisation.name), [...weeks].reverse().map((week) => h('td', null, cell(app, organisation, week))));
}

function cell(app, organisation, { week, due, covered, rate, spot_checks: spot }) {
  if (!due) return h('span', { class: 'soft small' }, '没有应巡的');
  const bar = h('span', { class: 'bar' }, h('span', { class: 'filled' }));
  bar.firstChild.style.width = `${Math.round(rate * 100)}%`;
  const checked = spot.drawn ? `抽查 ${spot.walked}/${spot.drawn}${spot.with_problems ? `，${spot.with_problems} 个有问题` : spot.walked ? '，没有问题' : ''}` : undrawn(week);
  return h('a', { class: 'week', href: app.href(`coverage/${week}?organisation=${organisation.code}`) }, h('span', null, h('span', { class: 'small' }, '自报 '), h('strong', null, `${covered}/${due}`)), bar, h('span', { class: `small${spot.with_problems ? ' fault' : ' soft'}` }, checked));
}

/** 第48周 */
function weekName(week) {
  return `第${Number(week.slice(6))}周`;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The Monday of an ISO week, as if it were UTC's. */
function monday(week) {
  const january4 = new Date(Date.UTC(Number(week.slice(0, 4)), 0, 4));
  return january4.getTime() - ((january4.getUTCDay() + 6) % 7) * DAY + (Number(week.slice(6)) - 1) * 7 * DAY;
}

function firstDay(week) {
  return new Date(monday(week)).toISOString().slice(5, 10);
}

/** Nothing is drawn from a week before it takes no more: the Monday after it at 12:00 in Shanghai. */
function undrawn(week) {
  return Date.now() < monday(week) + 7 * DAY + 4 * HOUR ? '还没到抽查' : '没有抽到';
}

/** One week of one community: its compounds, and what was walked again. */
export async function week(app, name) {
  const organisation = new URLSearchParams(location.search).get('organisation') ?? undefined;
  const [items, checks] = await Promise.all([getAll('/coverage', { organisation, week: name }), getAll('/spot-checks', { organisation, week: name })]);
  const bodyRows = items.map((item) => compoundRow(app, item, checks.find(({ compound }) => compound.code === item.compound.code), name));
  const title = `${organisation ? items[0]?.organisation.name ?? '' : ''} ${name.slice(0, 4)} 年${weekName(name)}`.trim();
  const heads = ['小区', '自报', '完成', '还差的点位', '抽查'];
  const table = h('table', { class: 'list' }, h('caption', { class: 'unseen' }, '各小区的巡查'), h('thead', null, h('tr', null, heads.map((words) => h('th', { scope: 'col' }, words)))), h('tbody', null, bodyRows));
  const back = h('a', { class: 'button', href: app.href('coverage') }, icon('back'), '覆盖总表');
  const body = h('div', { class: 'page' }, h('div', { class: 'row' }, h('h1', { class: 'grow' }, title), back), items.length ? table : h('p', { class: 'card soft' }, '这一周没有应巡的小区。'));
  return { title: `巡查覆盖 ${title}`, tab: 'coverage', body };
}

function compoundRow(app, { compound, organisation, covered, round_id: begun, completed_at: at, missing }, check, week) {
  const state = covered ? ['green', 'check', '走到了'] : begun ? ['yellow', 'clock', '没有走完'] : ['red', 'warn', '没有走到'];
  const found = !check ? undrawn(week) : check.state === 'waiting' ? '等待抽查' : `${check.result_label}${check.note ? `：${check.note}` : ''}`;
  return h(
    'tr',
    null,
    h('td', null, h('a', { class: 'as-link', href: app.href(`tickets?compound=${compound.code}`) }, compound.name), h('p', { class: 'small soft' }, organisation.name)),
    h('td', null, h('span', { class: `light ${state[0]}` }, icon(state[1]), state[2])),
    h('td', null, at ? exact(at) : '—'),
    h('td', null, begun && missing.length ? missing.map(({ name }) => name).join('、') : '—'),
    h('td', null, found),
  );
}
