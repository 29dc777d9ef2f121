// The list of tickets: narrowed by its address, summed up, saved as a spreadsheet.

import { PREFIX, get } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { filterForm } from './filters.js';
import { downIcon } from './paper.js';
import { reviews } from './roles.js';
import { ticketTable } from './tickettable.js';

const AT_ONCE = 50;
const QUICK = [
  ['没有办结的', 'state=reported&state=dispatched&state=rectified&state=referred&state=suspended'],
  ['待受理', 'state=reported'],
  ['等待答复', 'pending=send_back&pending=request_extension&sort=due'],
  ['超期没有整改', 'state=dispatched&light=red&sort=due'],
  ['待核查', 'state=rectified'],
  ['结案待复核', 'second_look=waiting'],
  ['挂账', 'state=suspended'],
  ['移交在办', 'state=referred'],
];

export async function page(app) {
  const asked = new URLSearchParams(location.search);
  const narrowed = new URLSearchParams(asked);
  narrowed.delete('sort');
  const [form, sums, first] = await Promise.all([filterForm(app, asked), get(`/tickets/summary?by=state&${narrowed}`), read(asked)]);
  const body = h(
    'div',
    { class: 'page' },
    h('nav', { class: 'quick', 'aria-label': '常用' }, QUICK.map(([words, query]) => h('a', { href: app.href(`tickets?${query}`), 'aria-current': String(asked) === query ? 'page' : null }, words))),
    form,
    h('div', { class: 'row wrap' }, total(app, sums, narrowed), h('span', { class: 'grow' }), reviews(app.me) && enter(app), exports(narrowed)),
    ticketTable(app, first, (cursor) => read(asked, cursor)),
  );
  return { title: '工单', tab: 'tickets', body };
}

function read(asked, cursor) {
  const query = new URLSearchParams(asked);
  query.set('limit', AT_ONCE);
  if (cursor) query.set('cursor', cursor);
  return get(`/tickets?${query}`);
}

/** How many in all and in each state, each a link to them. */
function total(app, sums, narrowed) {
  const to = (code) => {
    const query = new URLSearchParams(narrowed);
    query.delete('state');
    query.append('state', code);
    return app.href(`tickets?${query}`);
  };
  const each = sums.items.filter((one) => one.total).map((one) => h('li', null, h('a', { href: to(one.code) }, `${one.name} ${one.total}`)));
  return [h('h1', null, `共 ${sums.total} 张，没有办结 ${sums.open} 张`), h('ul', { class: 'sums' }, each)];
}

/** What comes by telephone or letter is entered here. */
function enter(app) {
  const open = async () => (await import('./newticket.js')).enterTicket(app);
  return h('button', { type: 'button', class: 'button', onclick: open }, icon('plus'), '登记工单');
}

function exports(narrowed) {
  const link = (ending, words) => h('a', { class: 'button', href: `${PREFIX}/api/v1/tickets/export.${ending}?${narrowed}`, download: true }, downIcon(), words);
  return h('div', { class: 'row' }, link('xlsx', '导出 Excel'), link('csv', '导出 CSV'));
}
