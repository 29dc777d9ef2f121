// The ladder of reminders: at how many percent of which limit who is told, the county's or a township's own, by day.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { today } from './days.js';
import { choices, directory } from './directory.js';
import { actButton, mark, table } from './tables.js';
import { CLOCKS, TELLS } from './words.js';

export function page(app, rest, again) {
  return { parts: () => all(app, again) };
}

async function all(app, again) {
  const asked = new URLSearchParams(location.search);
  const known = await directory(app);
  const places = [[known.county.code, '全县通用'], ...choices(known.towns)];
  const code = places.find(([one]) => one === asked.get('of'))?.[0] ?? (known.isCounty ? known.county.code : known.town.code);
  const day = asked.get('day') ?? today();
  const place = { code, name: new Map(places).get(code), isCounty: code === known.county.code };
  const ladder = await get(`/dictionary/${code}/reminders`, { day });
  const may = place.isCounty ? known.isCounty : true;
  const isOwn = ladder.own && !place.isCounty;
  const acts = may && [actButton(place.isCounty || isOwn ? '改' : '换成本镇的', () => change(ladder, place, again), { name: 'edit', main: true }), isOwn && actButton('改回全县的', () => end(place, again), { name: 'undo' })];
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '期限提醒'), acts),
    h('p', { class: 'soft' }, '时限用掉百分之几，告诉谁；每一级对一张工单只说一次，夜里的早上再说。一个镇可以整份换成自己的。以前的各级按日期保留。'),
    chooser(app, places, code, day),
    !may && h('p', { class: 'note' }, '全县通用的由县管理员维护。要改成本镇自己的，请在“哪里的”选本镇。'),
    h('p', null, isOwn ? mark('本镇自己的', 'green') : mark('全县的')),
    table('期限提醒', ['哪个期限', '用掉时限的', '告诉谁'], ladder.rungs.map((rung) => [`${rung.clock_label}期限`, `${rung.percent}%${rung.percent > 100 ? '（超期以后）' : ''}`, rung.tell_label]), '没有各级，不提醒。'),
  ];
}

function chooser(app, places, code, day) {
  const of = h('select', { id: 'of', name: 'of' }, places.map(([one, name]) => h('option', { value: one, selected: one === code }, name)));
  const input = h('input', { id: 'day', name: 'day', type: 'date', value: day, required: true });
  const submit = (event) => (event.preventDefault(), app.go(`admin/reminders?of=${of.value}&day=${input.value}`));
  return h('form', { class: 'card row wrap days', 'aria-label': '哪里的、哪天的', onsubmit: submit }, h('div', { class: 'field' }, h('label', { for: 'of' }, '哪里的'), of), h('div', { class: 'field' }, h('label', { for: 'day' }, '哪天的'), input), h('button', { class: 'button main' }, '查看'));
}

const rungFields = (rung) => [
  { name: 'clock', words: '哪个期限', kind: 'choice', options: Object.entries(CLOCKS), value: rung.clock },
  { name: 'percent', words: '用掉时限的百分之几', kind: 'number', value: rung.percent, min: 80, hint: '80 到 1000，100 就是到期。' },
  { name: 'tell', words: '告诉谁', kind: 'choice', options: Object.entries(TELLS), value: rung.tell, hint: '整改的不发给管理员；立案、核查的发给负责人或督查员；答复的发给督查员或管理员。' },
];

async function change(ladder, place, again) {
  const done = await ask({
    title: `${place.name}：期限提醒`,
    says: place.isCounty || ladder.own ? '从那天起整份按这里写的；已经说过的不再说。' : '下面是全县的，改好就成为本镇自己的一份；以后全县的再改，本镇不跟着变。',
    fields: [
      { name: 'rungs', words: '各级', kind: 'rows', fields: rungFields, fresh: () => ({}), add: '加一级', value: ladder.rungs },
      { name: 'from_on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' },
    ],
    words: '从那天起按这个提醒',
    method: 'PUT',
    path: `/dictionary/${place.code}/reminders`,
    done: '已写入',
  });
  if (done) await again();
}

async function end(place, again) {
  const done = await ask({
    title: `${place.name}改回全县的提醒？`,
    says: '从那天起，本镇按全县的各级提醒。已经说过的不再说。',
    fields: [{ name: 'on', words: '从哪天起', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '改回全县的',
    danger: true,
    path: `/dictionary/${place.code}/reminders/end`,
    done: '已写入',
  });
  if (done) await again();
}
