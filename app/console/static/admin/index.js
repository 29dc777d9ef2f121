// Administration: who may enter, the tabs, and the page that a tab leads to.

import { fill, h, say } from '../../faces/dom.js';
import { administers } from '../roles.js';
import { forget } from './directory.js';

/** The part of the address, words, and the page itself. */
const PAGES = {
  organisations: ['组织', () => import('./organisations.js')],
  people: ['人员和岗位', () => import('./people.js')],
  compounds: ['小区', () => import('./compounds.js')],
  cells: ['网格', () => import('./cells.js')],
  dictionary: ['事项和时限', () => import('./dictionary.js')],
  pauses: ['暂停计时', () => import('./pauses.js')],
  log: ['变更记录', () => import('./log.js')],
};
const TAB = 'admin/organisations';

/** A page says its title and gives its parts, which are made anew after each change. */
export async function page(app, name, rest) {
  if (!administers(app.me)) return refused();
  if (!PAGES[name]) return { title: '没有这个页面', tab: TAB, body: h('div', { class: 'page' }, tabs(app), h('p', { class: 'card' }, '没有这个页面。')) };
  forget();
  const { page: open } = await PAGES[name][1]();
  const holder = h('div', { class: 'stack admin', tabindex: '-1' });
  const { title = PAGES[name][0], parts } = await open(app, rest, again);
  const draw = async () => fill(holder, await parts());

  async function again() {
    forget();
    const [place, words, rank] = [scrollY, nameOf(document.activeElement), sameNamed(holder, nameOf(document.activeElement)).indexOf(document.activeElement)];
    try {
      await draw();
    } catch {
      return say('已经写入，但没有读到现在的样子，请刷新这一页。');
    }
    const same = words ? sameNamed(holder, words) : [];
    (same[Math.min(rank, same.length - 1)] ?? holder).focus({ preventScroll: true });
    scrollTo(0, place);
  }
  await draw();
  return { title: `${title} · 管理`, tab: TAB, body: h('div', { class: 'page' }, tabs(app, name), holder) };
}

function refused() {
  const body = h('div', { class: 'page message' }, h('p', null, '管理页面只供管理员使用。您的岗位没有这项权限，需要时请找管理员。'));
  return { title: '管理', tab: TAB, body };
}

function tabs(app, name) {
  const link = ([to, [words]]) => h('a', { href: app.href(`admin/${to}`), 'aria-current': to === name ? 'page' : null }, words);
  return h('nav', { class: 'quick', 'aria-label': '管理' }, Object.entries(PAGES).map(link));
}

/** What a control is called, so that the same one is found after a page was made anew. */
function nameOf(node) {
  return node?.getAttribute?.('aria-label') ?? node?.textContent ?? '';
}

function sameNamed(holder, words) {
  return [...holder.querySelectorAll('a, button')].filter((node) => nameOf(node) === words);
}
