// The kinds of problem as pictures. The dictionary is the server's; here is how its rows look.

import { get, recall } from '../faces/api.js';
import { drawn } from '../faces/icons.js';

export const OTHER = '99-99';

const PICTURES = {
  '01-36': 'M3 20h18M5 20v-6h6v6M11 20v-6h6v6M8 14V8h6v6M16 20v-3h4v3',
  '01-35': 'M5 11V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v4M3 12a2 2 0 0 1 4 0v2h10v-2a2 2 0 0 1 4 0v6H3zM6 18v2M18 18v2',
  '01-91': 'M12 21v-9M12 14c-4 0-6-2-6-6 4 0 6 2 6 6zM12 12c0-4 2-7 7-7 0 5-3 7-7 7zM4 21h16',
  '01-08': 'M13 2L6 13h5l-1 9 8-12h-6z',
  '01-80': 'M4 3v18M20 3v18M4 6c5 12 11 12 16 0M12 15v4',
  '99-01': 'M4 20h16M6 20v-5h12v5M9 11c-2-2 2-3 0-6M14 11c-2-2 2-3 0-6',
  '01-30': 'M3 8h8v4a3 3 0 0 0 3 3h2M3 5v6M16 12v6M19 15c2 3 2.5 4 2.5 5a2.5 2.5 0 0 1-5 0M7 12v3',
  '05-03': 'M4 7h16M4 17h16M8 7v10M12 7v10M16 7v10M4 4h16v16H4z',
  '01-17': 'M12 21v-6M12 15c-5 0-7-3-7-6s3-6 7-6 7 3 7 6-2 6-7 6zM9 8l3 3 3-3M6 21h12',
  '01-01': 'M4 21V10l8-6 8 6v11M9 21v-6h6v6M17 4v3M15 5.5h4',
  '01-10': 'M4 20c1-6 4-9 8-9s7 3 8 9zM10 11c-1-3 0-5 2-5s3 2 2 5M9 16h.01M14 17h.01M12 14h.01',
  '01-92': 'M6 10h12l-1 11H7zM4 10h16M8 7l2-3 3 3 3-2',
  '01-93': 'M4 8h6l-.5 12h-5zM14 8h6l-.5 12h-5zM3 8h8M13 8h8M7 5v0M17 5v0',
  '01-11': 'M3 20l6-9 4 5 3-4 5 8z',
  '04-96': 'M12 3c1 4 5 5 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 1-3-1-5 1-9zM4 21h16',
  '05-96': 'M4 3h7v10M4 8h7M16 6v7M13 11l3 3 3-3M13 20h6v-3h-6z',
  '02-01': 'M5 4h14v13H5zM8 8h8M8 11h8M8 14h4M9 17v4M15 17v4',
  '02-99': 'M4 4h16v10H4zM12 14v7M9 21h6M4 10l5-3 3 4 3-2 5 3',
  '99-02': 'M7 21L10 3h4l3 18M12 6v2M12 11v2M5 15l3 1 2-1 3 2',
  '99-03': 'M9 17h6M10 20h4M9 17c0-3-3-4-3-8a6 6 0 0 1 12 0c0 4-3 5-3 8z',
  '99-99': 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM7.5 11.5h1v1h-1zM11.5 11.5h1v1h-1zM15.5 11.5h1v1h-1z',
};

/** What is met most in compounds: category, condition where its first is not the usual, words. */
const CHIPS = [
  ['01-36', null, '乱堆乱放'],
  ['01-91', 'planted', '毁绿种菜'],
  ['01-08', null, '飞线充电'],
  ['04-96', null, '占消防道'],
  ['01-10', null, '暴露垃圾'],
  ['01-17', 'to_be_repaired', '绿化损坏'],
  ['01-30', null, '污水乱排'],
  ['01-01', null, '私搭乱建'],
];

/** The dictionary, remembered for when there is no network. */
export async function dictionary() {
  const { data } = await recall('categories', () => get('/categories'));
  return data.items;
}

/** At most eight chips that the dictionary has, and 其他: `{category, condition, words}`. Where it
 * was never read, the usual ones: the server says whether they are in force. */
export function chips(known) {
  const codes = new Set(known.map((category) => category.code));
  const first = known.length ? CHIPS.filter(([code]) => codes.has(code)) : CHIPS;
  const named = new Set(first.map(([code]) => code));
  const more = known.filter(({ code }) => !named.has(code) && code !== OTHER);
  const filled = [...first, ...more.map(({ code, name }) => [code, null, name])].slice(0, 8);
  return [...filled, [OTHER, null, '其他']].map(([category, condition, words]) => ({ category, condition, words }));
}

export function pictureOf(code) {
  return drawn(PICTURES[code] ?? PICTURES[OTHER]);
}

/** The short name of a category where it has one. */
export function nameOf(category) {
  return CHIPS.find(([code]) => code === category.code)?.[2] ?? category.name;
}
