// Ledgers: which there are, for which unit and days, each a spreadsheet to download.

import { PREFIX, get } from '../../faces/api.js';
import { fill, h } from '../../faces/dom.js';
import { table } from '../admin/tables.js';
import { downIcon } from '../paper.js';
import { stretchButtons, stretches, units } from '../units.js';

const MOST_DAYS = 366;

export function page(app) {
  return { parts: () => all(app) };
}

async function all(app) {
  const [{ items }, places] = await Promise.all([get('/ledgers'), units(app)]);
  const [, first, last] = stretches()[0];
  const whose = h('select', { id: 'whose' }, h('option', { value: '' }, '本人能看的全部'), places.map(([code, name]) => h('option', { value: code }, name)));
  const [from, to] = [day('from', first), day('to', last)];
  const fault = h('p', { class: 'fault', role: 'alert' });
  const holder = h('div');
  const show = () => {
    fault.textContent = wrong(from.value, to.value) ?? '';
    fill(holder, table('台账', ['台账', '一行是', '下载'], items.map((one) => row(one, fault.textContent ? null : { organisation: whose.value, from: from.value, to: to.value }))));
  };
  const set = (begin, end) => {
    [from.value, to.value] = [begin, end];
    show();
  };
  [whose, from, to].forEach((input) => input.addEventListener('change', show));
  show();
  return [
    h('h1', null, '台账'),
    h('p', { class: 'soft' }, '台账由平时的巡查、工单和记录自动生成，不用另外填报。选好单位和时间，点“下载”得到 Excel，按 A4 横向排好，可以直接打印。'),
    h('div', { class: 'card stack' }, h('div', { class: 'row days' }, field('whose', '单位', whose), field('from', '从', from), field('to', '到（含当天）', to)), stretchButtons(set), fault),
    holder,
  ];
}

function day(id, value) {
  return h('input', { id, type: 'date', value, required: true });
}

function field(id, words, input) {
  return h('div', { class: 'field' }, h('label', { for: id }, words), input);
}

/** What is wrong with two days, if anything. */
function wrong(from, to) {
  if (!from || !to) return '请填起止日期。';
  if (to < from) return '“到”不能早于“从”。';
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 < MOST_DAYS ? null : `一次最多 ${MOST_DAYS} 天。`;
}

function row({ code, name, says, columns }, asked) {
  const query = asked && new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  const link = asked && h('a', { class: 'button', href: `${PREFIX}/api/v1/ledgers/${code}.xlsx?${query}`, download: true, 'aria-label': `下载${name}` }, downIcon(), '下载');
  return [h('strong', null, name), [h('p', null, says), h('p', { class: 'small soft' }, columns.join('、'))], link ?? '—'];
}
