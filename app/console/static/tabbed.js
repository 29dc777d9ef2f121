// Pages with tabs: who may enter, the tabs, and the page that a tab leads to.

import { fill, h, say } from '../faces/dom.js';

/**
 * The page of an address `base/name/rest`: `{base, label, tab, pages, begin}`. `pages(me)` gives by
 * name the words of a tab and how it is loaded; none of them: not for this person. `begin` is done
 * before anything is read anew. A page says its title and gives its parts, which are made anew after
 * each change, and what is to be done when it is left.
 */
export function tabbed({ base, label, tab, pages, begin = () => {}, refused }) {
  return async function page(app, name, rest) {
    const all = pages(app.me);
    const tabs = () => h('nav', { class: 'quick', 'aria-label': label }, Object.entries(all).map(([to, [words]]) => h('a', { href: app.href(`${base}/${to}`), 'aria-current': to === name ? 'page' : null }, words)));
    if (!Object.keys(all).length) return { title: label, tab, body: h('div', { class: 'page message' }, h('p', null, refused)) };
    if (!all[name]) return { title: '没有这个页面', tab, body: h('div', { class: 'page' }, tabs(), h('p', { class: 'card' }, '没有这个页面。')) };
    begin();
    const { page: open } = await all[name][1]();
    const holder = h('div', { class: 'stack admin', tabindex: '-1' });
    const { title = all[name][0], parts, leave } = await open(app, rest, again);
    const draw = async () => fill(holder, await parts());

    async function again() {
      begin();
      const [place, words, rank] = [scrollY, nameOf(document.activeElement), sameNamed(holder, nameOf(document.activeElement)).indexOf(document.activeElement)];
      // What is shown is of before: nothing may be begun from it.
      holder.inert = true;
      try {
        await draw();
      } catch {
        return say('已经写入，但没有读到现在的样子，请刷新这一页。');
      } finally {
        holder.inert = false;
      }
      const same = words ? sameNamed(holder, words) : [];
      (same[Math.min(rank, same.length - 1)] ?? holder).focus({ preventScroll: true });
      scrollTo(0, place);
    }
    await draw();
    return { title: `${title} · ${label}`, tab, body: h('div', { class: 'page' }, tabs(), holder), leave };
  };
}

/** What a control is called, so that the same one is found after a page was made anew. */
function nameOf(node) {
  return node?.getAttribute?.('aria-label') ?? node?.textContent ?? '';
}

function sameNamed(holder, words) {
  return [...holder.querySelectorAll('a, button')].filter((node) => nameOf(node) === words);
}
