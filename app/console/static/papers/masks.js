// Photos that somebody wants outside of the office and nobody has looked at yet.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { actButton, longTable } from '../admin/tables.js';
import { decideMask } from '../masking/sheet.js';

export function page(app, rest, again) {
  return { parts: () => all(app, again) };
}

async function all(app, again) {
  const read = (cursor) => get('/photos/to-mask', { limit: 30, cursor });
  const first = await read();
  const next = first.items[0];
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '待遮盖的照片'), next && actButton('逐张看', () => oneByOne(next, again), { name: 'forward', main: true })),
    h('p', { class: 'soft' }, '选进公文的、打印过的、要对外给证据包的，先由人看一看有没有人脸、车牌、门牌，该遮的遮上，才能出去。单位内部用不受影响。'),
    h('p', { role: 'status' }, first.photos ? `${first.photos} 张照片，${first.tickets} 张工单` : '没有等着遮盖的照片。'),
    first.photos > 0 && longTable({ caption: '待遮盖的照片', heads: ['照片', '工单', '用于', ''], row: (one) => row(app, one, again), first, read }),
  ];
}

function row(app, one, again) {
  const { photo, ticket, wanted } = one;
  const uses = [...new Set(wanted.map((each) => each.purpose_label))].join('、');
  return [
    h('img', { class: 'mask-thumb', src: photo.thumb, alt: `${ticket.place}${ticket.category}的照片`, loading: 'lazy', width: 96, height: 72 }),
    [h('a', { class: 'as-link', href: app.href(`tickets/${ticket.id}`) }, ticket.number), h('span', { class: 'block small soft' }, `${ticket.place} ${ticket.category}`)],
    uses,
    actButton('看一看', async () => (await decideMask(photo.id)) && again(), { name: 'edit' }),
  ];
}

/** One after the other, as long as somebody decides. */
async function oneByOne(next, again) {
  let one = next;
  while (one && (await decideMask(one.photo.id))) [one] = (await get('/photos/to-mask', { limit: 1 })).items;
  await again();
}
