// What is behind a figure: exactly the tickets that were counted.

import { get } from '../faces/api.js';
import { h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { ticketTable } from './tickettable.js';

const HALVES = { numerator: '分子', denominator: '分母' };

export async function page(app, code, half) {
  const query = new URLSearchParams(location.search);
  const read = (cursor) => get(`/kpis/${encodeURIComponent(code)}/${encodeURIComponent(half)}?${query}&limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  const whole = new URLSearchParams([...query].filter(([name]) => name !== 'group' && name !== 'by'));
  const [first, kpis] = await Promise.all([read(), get(`/kpis?${whole}`)]);
  const kpi = kpis.items.find((one) => one.code === code);
  const pageOf = async (cursor) => tickets(await read(cursor));
  const back = h('a', { class: 'button', href: app.href(`summary?${query}`.replace(/[?&]group=[^&]*/, '')) }, icon('back'), '统计');
  const body = h('div', { class: 'page' }, h('div', { class: 'row' }, h('div', { class: 'grow' }, h('h1', null, `${kpi?.name ?? ''}的${HALVES[half] ?? ''}`), h('p', { class: 'soft' }, `${kpis.from} 至 ${kpis.to}。${kpi?.rule ?? ''}`)), back), ticketTable(app, tickets(first), pageOf));
  return { title: `${kpi?.name ?? '指标'}${HALVES[half] ?? ''}`, tab: 'summary', body };
}

function tickets(page_) {
  return { ...page_, items: page_.items.map(({ ticket }) => ticket) };
}
