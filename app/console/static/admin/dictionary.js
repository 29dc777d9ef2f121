// The dictionary of problems: conditions with their limits, the county's or a township's own, by day.

import { get } from '../../faces/api.js';
import { fill, h } from '../../faces/dom.js';
import { ask } from './asking.js';
import { span, today } from './days.js';
import { choices, directory } from './directory.js';
import { actButton, mark, rowButton, table } from './tables.js';
import { ACTIONS, UNITS } from './words.js';

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
  const { items } = await get('/dictionary', { town: code, day });
  const may = place.isCounty ? known.isCounty : true;
  const holder = h('div', null, list(items, place, may, again));
  const word = h('input', { id: 'find', type: 'search', autocomplete: 'off', oninput: () => fill(holder, list(items.filter(holds(word.value)), place, may, again)) });
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '事项和时限'), may && actButton('新增类别', () => change({ conditions: [{}], routable: true }, place, again), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '一个镇可以把一个类别整个换成自己的，只在本镇有效。已立案的工单保留立案时的条件和时限。'),
    chooser(app, places, code, day, word),
    !may && h('p', { class: 'note' }, '全县通用的由县管理员维护。要改成本镇自己的，请在“哪里的”选本镇。'),
    holder,
  ];
}

const holds = (word) => (one) => !word.trim() || `${one.code} ${one.name} ${one.conditions.map(({ name }) => name).join(' ')}`.includes(word.trim());

function chooser(app, places, code, day, word) {
  const of = h('select', { id: 'of', name: 'of' }, places.map(([one, name]) => h('option', { value: one, selected: one === code }, name)));
  const input = h('input', { id: 'day', name: 'day', type: 'date', value: day, required: true });
  const submit = (event) => (event.preventDefault(), app.go(`admin/dictionary?of=${of.value}&day=${input.value}`));
  return h('form', { class: 'card row wrap days', 'aria-label': '哪里的、哪天的', onsubmit: submit }, h('div', { class: 'field' }, h('label', { for: 'of' }, '哪里的'), of), h('div', { class: 'field' }, h('label', { for: 'day' }, '哪天的'), input), h('button', { class: 'button main' }, '查看'), h('div', { class: 'field grow' }, h('label', { for: 'find' }, '在下面找：编码、类别、条件'), word));
}

function list(items, place, may, again) {
  const row = (one) => [
    h('span', { class: 'instant' }, one.code),
    [h('strong', null, one.name), h('p', { class: 'small soft' }, one.standard_ref), one.action_label && h('p', { class: 'small' }, `六项行动：${one.action_label}`), !one.routable && h('p', { class: 'small' }, '责任单位由人判定')],
    h('ul', { class: 'conditions' }, one.conditions.map((condition) => h('li', null, h('span', null, condition.name), ' ', h('strong', null, condition.limit_label), condition.enforcement && mark('须告知执法机构', 'yellow'), h('p', { class: 'small soft' }, `结案：${condition.closing_test}`)))),
    [h('p', null, span(one)), one.own ? mark(place.isCounty ? '全县的' : '本镇自己的', place.isCounty ? '' : 'green') : mark('全县的')],
    may && [rowButton(one.own ? '改' : '换成本镇的', `${one.code} ${one.name}`, () => change(one, place, again), 'edit'), one.own && rowButton(place.isCounty ? '停用' : '改回全县的', `${one.code} ${one.name}`, () => end(one, place, again), place.isCounty ? 'stop' : 'undo')],
  ];
  return table('事项和时限', ['编码', '类别', '立案条件、时限、结案标准', '起止', ''], items.map(row), '没有这样的类别。');
}

/** The fields of a condition; its code stays, a new one gets a free one. */
function conditionFields(taken) {
  return (condition = {}) => {
    const code = condition.code ?? freeCode(taken);
    taken.add(code);
    return [
      { name: 'code', kind: 'constant', value: code },
      { name: 'name', words: '立案条件', value: condition.name, most: 80 },
      { name: 'limit.amount', words: '时限', kind: 'number', value: condition.limit?.amount, min: 1 },
      { name: 'limit.unit', words: '单位', kind: 'choice', options: Object.entries(UNITS), value: condition.limit?.unit ?? 'hour' },
      { name: 'closing_test', words: '结案标准', value: condition.closing_test, most: 400 },
      { name: 'enforcement', words: '须告知执法机构', kind: 'tick', value: condition.enforcement ?? false },
    ];
  };
}

function freeCode(taken) {
  let number = 1;
  while (taken.has(`c${number}`)) number += 1;
  return `c${number}`;
}

async function change(one, place, again) {
  const taken = new Set(one.conditions.map(({ code }) => code).filter(Boolean));
  const base = `/dictionary/${place.code}/categories/`;
  const done = await ask({
    title: one.code ? `${one.code} ${one.name}：${place.name}的规定` : `${place.name}：新增类别`,
    says: one.code && !one.own ? '下面是全县的，改好就成为本镇自己的一份；以后全县的再改，这一类不跟着变。' : '从那天起整份按这里写的；以前立案的不变。同一天再写一次就是更正。',
    fields: [
      one.code ? { name: 'code', kind: 'constant', value: one.code } : { name: 'code', words: '编码', hint: '两位大类、两位小类，如 01-36。', most: 5 },
      { name: 'name', words: '类别名称', value: one.name, most: 80 },
      { name: 'action', words: '六项行动', kind: 'choice', options: Object.entries(ACTIONS), none: '不属于六项行动', value: one.action },
      { name: 'standard_code', words: '标准代码', value: one.standard_code, optional: true, most: 5, inputmode: 'numeric', hint: '五位数字。' },
      { name: 'standard_ref', words: '依据', value: one.standard_ref, most: 120 },
      { name: 'routable', words: '责任单位自动判定', kind: 'tick', value: one.routable, hint: '不选：受理时由人判定责任单位。' },
      { name: 'conditions', words: '立案条件', kind: 'rows', fields: conditionFields(taken), fresh: () => ({}), add: '加一个条件', value: one.conditions },
      { name: 'from_on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' },
    ],
    words: '从那天起按这个办',
    method: 'PUT',
    path: ({ code }) => base + encodeURIComponent(code),
    shape: ({ code, ...body }) => body,
    done: '已写入',
  });
  if (done) await again();
}

async function end(one, place, again) {
  const done = await ask({
    title: place.isCounty ? `停用类别 ${one.code} ${one.name}？` : `${one.code} ${one.name}改回全县的？`,
    says: place.isCounty ? '从那天起全县不能再报这一类（另有自己规定的镇除外）。已立案的照旧办完。' : '从那天起，本镇这一类按全县的条件和时限。已立案的照旧。',
    fields: [{ name: 'on', words: '从哪天起', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: place.isCounty ? '停用' : '改回全县的',
    danger: true,
    path: `/dictionary/${place.code}/categories/${one.code}/end`,
    done: '已写入',
  });
  if (done) await again();
}
