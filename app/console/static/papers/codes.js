// Sheets of place codes to print: of a whole community, or of one compound.

import { PREFIX } from '../../faces/api.js';
import { fill, h } from '../../faces/dom.js';
import { table } from '../admin/tables.js';
import { printIcon } from '../paper.js';
import { surroundings } from '../places.js';

export function page(app) {
  return { parts: () => all(app) };
}

async function all(app) {
  const { compounds, communities } = await surroundings();
  const own = new Set(app.me.posts.filter(({ role }) => role === 'lead').map(({ organisation }) => organisation.code));
  const first = communities.find(({ code }) => own.has(code)) ?? communities[0];
  if (!first) return [h('h1', null, '二维码'), h('p', { class: 'card soft' }, '没有小区。')];
  const select = h('select', { id: 'unit', onchange: show }, communities.map(({ code, name }) => h('option', { value: code, selected: code === first.code }, name)));
  const plain = h('input', { type: 'checkbox', onchange: show });
  const holder = h('div', { class: 'stack' });
  function show() {
    const sheet = (path, query, words) => h('a', { class: 'button', href: `${PREFIX}/api/v1${path}?${new URLSearchParams({ ...query, ...(plain.checked && { wechat: 'false' }) })}`, download: true, 'aria-label': `下载${words}的二维码` }, printIcon(), '下载 PDF');
    const { code, name } = communities.find((one) => one.code === select.value);
    const inside = compounds.filter(({ organisation }) => organisation.code === code);
    fill(holder, table('二维码', ['哪里', '下载'], [[h('strong', null, `${name}全部`), sheet('/places/codes.pdf', { organisation: code }, name)], ...inside.map((one) => [one.name, sheet(`/compounds/${one.code}/codes.pdf`, {}, one.name)])]));
  }
  show();
  return [
    h('h1', null, '小区和点位的二维码'),
    h('p', { class: 'soft' }, 'A4 打印，沿线裁开贴在各点位，扫码就到那里的巡查和上报。扫码只省去选地点，不证明人在那里。改名、改编码不影响已经贴出去的。'),
    h('div', { class: 'card row wrap days' }, h('div', { class: 'field' }, h('label', { for: 'unit' }, '社区（村）'), select), h('label', { class: 'box' }, plain, '不要小程序码（微信连不上时）')),
    holder,
  ];
}
