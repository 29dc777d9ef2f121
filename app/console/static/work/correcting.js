// Putting right what a record says: what was said before is kept and shown.

import { get } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { ask } from '../admin/asking.js';
import { photoField } from '../photofield.js';

const MOST_LINKS = 5;
const WORDS = { subject: '做了什么', happened_on: '哪天', place: '在哪里', quantity: '数字', note: '说明', links: '网址', kinds: '种类', photo_ids: '照片' };

/** The whole record as it should be, asked for in one form that begins with what it says. */
export async function correct(one, path) {
  const { items: kinds } = await get('/records/kinds');
  const had = one.kinds.map(({ code }) => code);
  const offered = [...one.kinds.filter(({ code }) => !kinds.some((kind) => kind.code === code)), ...kinds];
  const number = kinds.find(({ code, quantity_name: name }) => name && had.includes(code))?.quantity_name;
  return ask({
    title: '更正这条记录',
    says: '原来写的留着可查。审核过的要重新审核。',
    fields: [
      { name: 'subject', words: '做了什么，一句话', value: one.subject, most: 120 },
      { name: 'happened_on', words: '哪天', kind: 'day', value: one.happened_on },
      { name: 'place', words: '在哪里', value: one.place, most: 80, optional: true },
      { name: 'quantity', words: number ?? '数字', kind: 'number', value: one.quantity, min: 0, optional: true },
      { name: 'note', words: '说明', kind: 'area', value: one.note, most: 1000, optional: true },
      { name: 'links', words: '网址', kind: 'area', value: one.links.join('\n'), optional: true, hint: `一行一个，最多 ${MOST_LINKS} 个。` },
      photoField({ name: 'photo_ids', words: '照片', had: one.photos.map(({ id, urls }) => ({ id, address: urls.thumb })) }),
      { name: 'kinds', words: '算哪几种', kind: 'many', value: had, options: offered.map(({ code, name }) => [code, name]), hint: '一件事可以算几种，最多 5 种。' },
      { name: 'reason', words: '为什么更正', most: 200, optional: true },
    ],
    words: '提交更正',
    path: `${path}/correct`,
    shape: (body) => ({ ...said(body), version: one.version }),
    done: '已更正',
  });
}

/** What was filled in; what was left empty is not sent. */
function said({ links, ...body }) {
  const given = Object.entries(body).filter(([, value]) => value !== null && value !== '');
  return { ...Object.fromEntries(given), links: (links ?? '').split('\n').map((line) => line.trim()).filter(Boolean) };
}

/** What a correction changed, as it was said before; `after` is what the record said next. */
export function wasSaid(before, after, names) {
  const changed = Object.keys(WORDS).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const text = (name, value) => {
    if (name === 'photo_ids') return `${value.length} 张`;
    if (name === 'kinds') return value.map((code) => names.get(code) ?? code).join('、');
    return [value].flat().filter((each) => each !== null).join('、') || '没有写';
  };
  return changed.length > 0 && h('ul', { class: 'small' }, changed.map((name) => h('li', null, `原来的${WORDS[name]}：${text(name, before[name])}`)));
}
