// The board of duties: how the units below stand, and one unit's duties with what is missing.

import { PREFIX, get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { today } from '../admin/days.js';
import { table } from '../admin/tables.js';

const STANDINGS = { met: ['green', 'check'], open: ['yellow', 'clock'], missed: ['red', 'warn'], as_usual: ['', 'more'] };
const WORST = 3;
const RECORDERS = ['lead', 'warden'];

export function page(app) {
  return { parts: () => all(app) };
}

async function all(app) {
  const asked = new URLSearchParams(location.search);
  const organisation = asked.get('organisation') ?? undefined;
  const on = asked.get('on') || today();
  const { items } = await get('/duties/progress/summary', { organisation, on });
  const [only] = items;
  // A community or village is its own line.
  if (items.length === 1 && (only.organisation.code === organisation || isOwn(app, only.organisation))) return unit(app, only.organisation, on, Boolean(organisation));
  return [
    h('h1', null, '各单位指标完成情况'),
    chooser(app, organisation, on),
    table('各单位', ['单位', '已完成', '还差，没有到期', '到期没有完成', '差得最多的'], items.map((line) => row(app, line, on)), '没有下级单位。'),
    h('h2', null, '按指标看'),
    table('按指标', ['章节', '指标', '已完成的单位', '还差', '到期没有完成', '共还差'], byDuty(items), '没有指标。'),
  ];
}

function isOwn(app, { code }) {
  return app.me.posts.some(({ organisation }) => organisation.code === code);
}

function chooser(app, organisation, on) {
  const input = h('input', { id: 'on', name: 'on', type: 'date', value: on, required: true });
  const go = (event) => (event.preventDefault(), app.go(`work/duties?${new URLSearchParams({ ...(organisation && { organisation }), on: input.value })}`));
  return h('form', { class: 'card row wrap days', 'aria-label': '哪天', onsubmit: go }, h('div', { class: 'field' }, h('label', { for: 'on' }, '哪天所在的周、月、季、年'), input), h('button', { class: 'button main' }, '查看'), h('p', { class: 'soft grow' }, '由平时的记录、巡查、工单和分工算出，不用另外报。'));
}

function count(number, standing) {
  const [colour, name] = STANDINGS[standing];
  return number ? h('span', { class: `light ${colour}` }, icon(name), `${number} 项`) : h('span', { class: 'soft' }, '0');
}

function row(app, { organisation, met, open, missed, duties }, on) {
  const worst = duties.filter(({ missing }) => missing).sort((a, b) => b.missed - a.missed || b.missing - a.missing).slice(0, WORST);
  const to = app.href(`work/duties?${new URLSearchParams({ organisation: organisation.code, on })}`);
  return [h('a', { class: 'as-link', href: to }, organisation.name), count(met, 'met'), count(open, 'open'), count(missed, 'missed'), worst.length ? worst.map(({ duty, missing }) => `${duty.name} ${missing}`).join('、') : '—'];
}

/** The same lines turned: each duty over all units; not what nobody has to do in these days. */
function byDuty(items) {
  const found = new Map();
  for (const one of items.flatMap(({ duties }) => duties)) {
    const sum = found.get(one.duty.code) ?? { ...one, met: 0, open: 0, missed: 0, missing: 0 };
    for (const name of ['met', 'open', 'missed', 'missing']) sum[name] += one[name];
    found.set(one.duty.code, sum);
  }
  const counted = [...found.values()].filter(({ met, open, missed }) => met || open || missed);
  return counted.map((one) => [one.section, one.duty.name, one.met, one.open, h('span', { class: one.missed ? 'fault' : null }, one.missed), one.missing]);
}

async function unit(app, { code, name }, on, isBelow) {
  const [{ items: [found] }, { items: rules }] = await Promise.all([get('/duties/progress', { organisation: code, on }), get('/duties')]);
  const kinds = new Map(rules.map((rule) => [rule.code, rule]));
  const of = (...standings) => found.duties.filter(({ standing }) => standings.includes(standing));
  const missing = of('missed', 'open').sort((a, b) => (a.period.due_on < b.period.due_on ? -1 : 1));
  const line = (one) => dutyRow(app, code, one, kinds.get(one.duty.code));
  const heads = ['章节', '指标', '时段', '完成', '还差', '最晚', '情况', ''];
  return [
    isBelow && h('p', null, h('a', { class: 'button', href: app.href(`work/duties?on=${on}`) }, icon('back'), '全部单位')),
    h('h1', null, name),
    chooser(app, isBelow ? code : undefined, on),
    h('h2', null, missing.length ? `还差 ${missing.length} 项` : '没有差的'),
    missing.length > 0 && table('还差的', heads, missing.map(line)),
    h('details', null, h('summary', null, `已完成和常态化的 ${of('met', 'as_usual').length} 项`), table('已完成和常态化的', heads, of('met', 'as_usual').map(line))),
  ];
}

function dutyRow(app, organisation, one, rule) {
  const [colour, name] = STANDINGS[one.standing];
  const parts = one.parts.filter((part) => part.missing).map((part) => `${part.name} ${part.missing}`);
  const { period } = one;
  const done = one.of === null ? `${one.done}${one.quota ? ` / ${one.quota}` : ''}` : `${one.done} / ${one.of}`;
  return [
    one.section,
    [h('strong', null, one.duty.name), one.compound && h('p', { class: 'small' }, one.compound.name), !one.scored && h('p', { class: 'small soft' }, '只看，不计分')],
    [period.label, h('p', { class: 'small soft instant' }, `${period.first_on} 至 ${period.last_on}`)],
    [h('span', { class: 'instant' }, done), one.waiting > 0 && h('p', { class: 'small' }, `另有 ${one.waiting} 条待审核`)],
    one.missing ? [one.missing, parts.length > 0 && h('p', { class: 'small' }, `其中：${parts.join('、')}`)] : '—',
    h('span', { class: 'instant' }, period.due_on),
    h('span', { class: `light ${colour}` }, icon(name), one.standing_label),
    actsOf(app, organisation, one, rule),
  ];
}

/** What counts for it, and where to record more; nothing of what is read out of other work. */
function actsOf(app, organisation, one, rule) {
  if (!rule?.kinds.length) return h('span', { class: 'small soft' }, '系统算出');
  const query = new URLSearchParams({ organisation, from_on: one.period.first_on, to_on: one.period.last_on });
  for (const kind of rule.kinds) query.append('kind', kind);
  const mine = app.me.posts.some((post) => RECORDERS.includes(post.role) && post.organisation.code === organisation);
  return h(
    'div',
    { class: 'row' },
    h('a', { class: 'quiet', href: app.href(`work/records?${query}`), 'aria-label': `记录：${one.duty.name}` }, '看记录'),
    mine && one.missing > 0 && h('a', { class: 'quiet', href: `${PREFIX}/m/records/new?kind=${rule.kinds[0]}`, 'aria-label': `记一条：${one.duty.name}` }, icon('plus'), '记一条'),
  );
}
