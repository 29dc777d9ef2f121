// Entering a ticket at a desk: what residents, the hotline or those above say, with photos if any.

import { ask } from './admin/asking.js';
import { AREAS } from './admin/words.js';
import { photoField } from './photofield.js';
import { cellsOf, surroundings } from './places.js';

const SOURCES = { hotline: '12345 热线', resident: '居民反映', superior: '上级交办', self_found: '主动发现' };

/** Asks for a ticket; shows it once it is made. */
export async function enterTicket(app) {
  const { categories, compounds } = await surroundings();
  const cells = await cellsOf('');
  const conditions = categories.flatMap(({ code, name, conditions: list }) => list.map((one) => [`${code} ${one.code}`, list.length > 1 ? `${name}：${one.name}` : name]));
  const made = await ask({
    title: '登记工单',
    fields: [
      { name: 'source', words: '来源', kind: 'choice', options: Object.entries(SOURCES), value: 'hotline' },
      { name: 'external_number', words: '来件编号', optional: true, most: 64 },
      { name: 'external_due_at', words: '来件要求的期限', kind: 'time', optional: true },
      { name: 'category', words: '什么问题', kind: 'choice', options: conditions },
      { name: 'compound', words: '小区', kind: 'choice', options: compounds.map(({ code, name, organisation }) => [code, `${name}（${organisation.name}）`]), none: '不在小区里，选网格' },
      { name: 'area', words: '部位', kind: 'choice', options: Object.entries(AREAS), none: '不写' },
      { name: 'cell', words: '网格', kind: 'choice', options: cells.map(({ properties }) => [properties.code, properties.name]), none: '按小区' },
      { name: 'description', words: '说明', kind: 'area', optional: true, most: 2000, hint: '不写居民的姓名、电话和房号。' },
      photoField({ name: 'photo_ids', words: '照片（主动发现的至少一张，别的可不填）' }),
    ],
    words: '登记',
    path: '/tickets',
    shape: ({ category, ...said }) => {
      const [code, condition] = category.split(' ');
      return { ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== '')), category: code, condition };
    },
    done: '已登记',
  });
  if (made) await app.go(`tickets/${made.id}`);
}
