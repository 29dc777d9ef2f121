// The frame around the pages: who is signed in, which page is shown, what waits to be sent.

import { NoAnswer, PREFIX, remembered, whoAmI } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { useSizeOf } from '../faces/size.js';
import { homeOf, tabsOf } from './roles.js';

const HOME = `${PREFIX}/m`;
const PAGES = [
  [/^report$/, () => import('./report.js')],
  [/^rounds$/, () => import('./rounds.js')],
  [/^rounds\/([^/]+)$/, () => import('./round.js')],
  [/^mine$/, () => import('./mine.js')],
  [/^work$/, () => import('./work.js')],
  [/^repair\/([^/]+)$/, () => import('./repair.js')],
  [/^records\/?(.*)$/, () => import('./records.js')],
  [/^lead$/, () => import('./lead.js')],
  [/^tickets$/, () => import('./list.js')],
  [/^tickets\/([^/]+)$/, () => import('./ticket.js')],
  [/^outbox$/, () => import('./waiting.js')],
  [/^me$/, () => import('./me.js')],
  [/^me\/(.+)$/, () => import('../faces/own.js')],
];

const UNSAVED = {
  InvalidStateError: '浏览器不让保存资料，可能在无痕模式里。请换普通模式打开。',
  QuotaExceededError: '手机存储满了，请清理后再用；已经记下的不会丢。',
};

const bar = document.getElementById('bar');
const main = document.getElementById('main');
const tabs = document.getElementById('tabs');
const pill = h('a', { class: 'pill', href: `${HOME}/outbox`, hidden: true });

/** What the pages are given: who is signed in, and how to go elsewhere. */
const app = { me: null, go, back, signedIn, signedOut, href: (place) => `${HOME}/${place}` };
const LATER = [...PAGES.map(([, load]) => load), () => import('../faces/photo.js'), () => import('./cells.js'), () => import('./sent.js')];
let leave = null;
let turn = 0;

useSizeOf(remembered());
begin().then(() => setTimeout(warm, 1500));

async function begin() {
  addEventListener('popstate', show);
  document.addEventListener('click', followLink);
  outbox.listen(showWaiting);
  outbox.start();
  navigator.serviceWorker?.register(worker(), { scope: HOME }).catch(() => {});
  const known = remembered();
  if (known) await use(known);
  try {
    await use(await whoAmI());
  } catch (error) {
    if (known && error instanceof NoAnswer) return;
    if (known && error.code !== 'not_signed_in') return;
    // The outbox may have heard it first, and somebody may be signing in again by now.
    if (document.querySelector('.sign-in') || (app.me && app.me !== known)) return;
    await signedOut();
  }
}

/** Fetches what was not opened yet, for when there is no network. */
async function warm() {
  for (const load of LATER) await load().catch(() => {});
  const { readAhead } = await import('./ahead.js').catch(() => ({}));
  if (app.me) await readAhead?.(app.me);
}

/** The worker's address, as the policy for scripts asks for it. */
function worker() {
  const address = `${HOME}/worker.js`;
  const policy = globalThis.trustedTypes?.createPolicy('gexun', { createScriptURL: () => address });
  return policy?.createScriptURL('') ?? address;
}

async function use(me) {
  const same = JSON.stringify(app.me?.posts) === JSON.stringify(me.posts) && app.me?.id === me.id;
  app.me = me;
  outbox.belongsTo(me);
  if (same) return;
  useSizeOf(me);
  await show();
}

async function signedIn(me) {
  app.me = null;
  await use(me);
}

async function signedOut() {
  const { signInPage } = await import('./signin.js');
  turn += 1;
  leave?.();
  leave = null;
  tabs.hidden = true;
  fill(bar);
  document.title = '登录 · 格巡';
  fill(main, signInPage(app));
}

function followLink(event) {
  const link = event.target.closest?.('a[href]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || link.target || link.origin !== location.origin) return;
  if (link.pathname !== HOME && !link.pathname.startsWith(`${HOME}/`)) return;
  event.preventDefault();
  history.pushState({ inside: true }, '', link.href);
  show();
}

function go(place, { instead = false } = {}) {
  history[instead ? 'replaceState' : 'pushState']({ inside: true }, '', `${HOME}/${place}`);
  return show();
}

function back() {
  if (history.state?.inside) history.back();
  else go(homeOf(app.me), { instead: true });
}

/** Shows the page that the address names. */
async function show() {
  if (!app.me) return;
  const place = location.pathname.slice(HOME.length).replace(/^\/|\/$/g, '') || homeOf(app.me);
  const mine = (turn += 1);
  leave?.();
  leave = null;
  try {
    const page = await opened(place);
    if (mine !== turn) return page.leave?.();
    leave = page.leave;
    frame(page, place);
    fill(main, page.body);
  } catch (error) {
    if (mine === turn) await failed(error, place);
  }
}

async function opened(place) {
  for (const [pattern, load] of PAGES) {
    const found = pattern.exec(place);
    if (!found) continue;
    const { page } = await load();
    return page(app, ...found.slice(1).map(decodeURIComponent));
  }
  return { title: '没有这个页面', body: message('没有这个页面。', '回到首页', homeOf(app.me)) };
}

async function failed(error, place) {
  if (error.code === 'not_signed_in') return signedOut();
  const known = error instanceof NoAnswer || error.title;
  if (!known) console.error(error);
  const text = error instanceof NoAnswer ? '现在连不上网，这一页还没有看过，打不开。' : (error.title ?? UNSAVED[error.name] ?? '这一页打不开，请连上网再试。');
  frame({ title: '打不开' }, place);
  fill(main, message(text, '再试一次', place));
}

function message(text, next, place) {
  return h(
    'div',
    { class: 'page stack center' },
    h('p', { class: 'soft' }, text),
    h('button', { type: 'button', class: 'button', onclick: () => go(place, { instead: true }) }, next),
  );
}

function frame({ title, tab, hasBack }, place) {
  document.title = `${title} · 格巡`;
  const goBack = hasBack && h('button', { class: 'quiet', type: 'button', onclick: back }, icon('back', '返回'));
  fill(bar, goBack, h('h1', null, title), pill);
  bar.classList.toggle('inner', Boolean(hasBack));
  const links = tabsOf(app.me).map(([to, name, text]) => {
    const here = (tab ?? place) === to;
    const props = { href: `${HOME}/${to}`, 'aria-current': here ? 'page' : null };
    return h('li', null, h('a', props, icon(name), h('span', null, text)));
  });
  fill(tabs, h('ul', null, links));
  tabs.hidden = false;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function showWaiting(list, { signedOut: out }) {
  const all = outbox.countable(list);
  const refused = list.filter((entry) => entry.state === 'refused').length;
  pill.hidden = all.length === 0 && refused === 0;
  pill.classList.toggle('refused', refused > 0);
  const text = refused ? `${refused} 条要处理` : `${all.length} 条待发`;
  fill(pill, icon(refused ? 'warn' : 'cloud'), text);
  if (out && app.me && !document.querySelector('.sign-in')) signedOut();
}
