// Every filter that the API takes, as a form; what is chosen becomes the address.

import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { cellsOf, surroundings } from './places.js';

const STATES = { reported: '待受理', dispatched: '待整改', rectified: '待核查', closed: '已结案', referred: '已移交', suspended: '挂账', rejected: '不予立案', voided: '作废', withdrawn: '已撤回' };
const LIGHTS = { red: '超期', yellow: '临期', green: '正常' };
const LOOKS = { waiting: '待复核', ok: '复核过' };
const PENDING = { send_back: '申请回退', request_extension: '申请延期' };
const SORTS = { newest: '新的在前', due: '期限近的在前', external_due: '来件期限近的在前' };
const MORE = ['cell', 'second_look', 'pending', 'assignee', 'mine', 'updated_since', 'import', 'sort'];

/** The form for an address's query. */
export async function filterForm(app, asked) {
  const around = await surroundings();
  const none = ['-', '没有的'];
  const named = (list) => list.map(({ code, name }) => [code, name]);
  const cell = choice('cell', '网格', [none], asked, '全部；先选社区');
  const compound = choice('compound', '小区', [], asked);
  const organisation = choice('organisation', '社区（村）', named(around.communities), asked);
  const follow = () => {
    const code = organisation.select.value;
    const inside = around.compounds.filter((one) => !code || one.organisation.code === code);
    compound.refill([none, ...named(inside)]);
    if (code) cellsOf(code).then((features) => cell.refill([none, ...features.map(({ properties }) => [properties.code, properties.name])]));
  };
  organisation.select.addEventListener('change', follow);
  follow();
  const more = MORE.some((name) => asked.has(name));
  const form = h(
    'form',
    { class: 'card filters', 'aria-label': '筛选', onsubmit: submit },
    boxes('state', '状态', STATES, asked),
    h(
      'div',
      { class: 'fields' },
      text('q', '编号、小区或描述里的词', asked, 'search'),
      organisation.node,
      compound.node,
      choice('category', '类别', around.categories.map(({ code, name }) => [code, name]), asked).node,
      choice('responsible', '责任单位', [none, ...named([...around.companies, ...around.communities])], asked).node,
      choice('light', '灯', Object.entries(LIGHTS), asked).node,
      text('reported_from', '上报从', asked, 'date'),
      text('reported_to', '到', asked, 'date'),
      h('div', { class: 'row' }, h('button', { class: 'button main' }, '查询'), h('a', { class: 'quiet', href: app.href('tickets') }, icon('cross'), '清除')),
    ),
    h(
      'details',
      { open: more },
      h('summary', null, '更多条件'),
      h(
        'div',
        { class: 'fields' },
        cell.node,
        choice('second_look', '复核', Object.entries(LOOKS), asked).node,
        choice('sort', '次序', Object.entries(SORTS), asked, '新的在前').node,
        text('updated_since', '有变动，从', asked, 'datetime-local'),
      ),
      h('div', { class: 'row wrap' }, boxes('pending', '等待答复', PENDING, asked), boxes('assignee', '经办', { me: '指派给我的' }, asked), boxes('mine', '上报', { 1: '我上报的' }, asked), asked.has('import') && boxes('import', '导入', { [asked.get('import')]: '这次导入的' }, asked)),
    ),
  );

  function submit(event) {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.append(name, name === 'updated_since' ? `${value}:00+08:00` : value.trim());
    app.go(`tickets?${query}`);
  }
  return form;
}

function choice(name, words, options, asked, all = '全部') {
  const select = h('select', { id: `f-${name}`, name });
  const refill = (list) => {
    const chosen = select.value || asked.get(name);
    const known = !chosen || list.some(([code]) => code === chosen) ? list : [...list, [chosen, chosen]];
    fill(select, h('option', { value: '' }, all), known.map(([code, label]) => h('option', { value: code, selected: code === chosen }, label)));
  };
  refill(options);
  return { select, refill, node: h('div', { class: 'field' }, h('label', { for: `f-${name}` }, words), select) };
}

function text(name, words, asked, type) {
  const value = type === 'datetime-local' ? asked.get(name)?.slice(0, 16) : asked.get(name);
  const limits = type === 'search' ? { minlength: 2, maxlength: 50 } : {};
  return h('div', { class: 'field' }, h('label', { for: `f-${name}` }, words), h('input', { id: `f-${name}`, name, type, value, ...limits }));
}

function boxes(name, words, options, asked) {
  const chosen = asked.getAll(name);
  const box = ([code, label]) => h('label', { class: 'box' }, h('input', { type: 'checkbox', name, value: code, checked: chosen.includes(code) }), label);
  return h('fieldset', { class: 'boxes' }, h('legend', null, words), Object.entries(options).map(box));
}
