// The frame around the desk's pages: who is signed in, where one can go, which page is shown.

import { NoAnswer, PREFIX, remembered, signOut, whoAmI } from '../faces/api.js';
import { fill, h, say, sure } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { choose, isLarge, useSizeOf } from '../faces/size.js';
import { homeOf, mayEnter, placesOf } from './roles.js';
import { unreadLink } from './unread.js';

const HOME = `${PREFIX}/console`;
const PAGES = [
  [/^review$/, () => import('./review.js')],
  [/^tickets$/, () => import('./tickets.js')],
  [/^tickets\/([^/]+)$/, () => import('./ticket.js')],
  [/^map$/, () => import('./map.js')],
  [/^coverage$/, () => import('./coverage.js')],
  [/^coverage\/([^/]+)$/, () => import('./coverage.js').then(({ week }) => ({ page: week }))],
  [/^me\/(.+)$/, () => import('../faces/own.js')],
  [/^complaints$/, () => import('./complaints.js')],
  [/^photo-checks$/, () => import('./photochecks.js')],
  [/^summary$/, () => import('./summary.js')],
  [/^admin\/([^/]+)$/, () => import('./admin/index.js')],
  [/^admin\/([^/]+)\/(.+)$/, () => import('./admin/index.js')],
  [/^work\/([^/]+)$/, () => import('./work/index.js')],
  [/^work\/([^/]+)\/(.+)$/, () => import('./work/index.js')],
  [/^papers\/([^/]+)$/, () => import('./papers/index.js')],
  [/^papers\/([^/]+)\/(.+)$/, () => import('./papers/index.js')],
  [/^kpis\/([^/]+)\/([^/]+)$/, () => import('./counted.js')],
];

const top = document.getElementById('top');
const main = document.getElementById('main');
const pill = h('a', { class: 'pill', href: `${PREFIX}/m/outbox`, hidden: true });

/** What the pages are given: who is signed in, and how to go elsewhere. */
const app = { me: null, go, signedIn, signedOut, href: (place) => `${HOME}/${place}` };
let leave = null;
let turn = 0;

useSizeOf(remembered());
begin();

async function begin() {
  addEventListener('popstate', show);
  document.addEventListener('click', followLink);
  outbox.listen(showWaiting);
  outbox.start();
  try {
    await use(await whoAmI());
  } catch (error) {
    if (error.code === 'not_signed_in') await signedOut();
    else await failed(error);
  }
}

async function use(me) {
  app.me = me;
  outbox.belongsTo(me);
  useSizeOf(me);
  if (mayEnter(me)) await show();
  else notForThem(me);
}

async function signedIn(me) {
  await use(me);
}

async function signedOut() {
  const { signInPage } = await import('./signin.js');
  turn += 1;
  leave?.();
  leave = app.me = null;
  fill(top);
  document.body.classList.remove('at-desk');
  document.title = '登录 · 格巡督查台';
  fill(main, signInPage(app));
}

function followLink(event) {
  const link = event.target.closest?.('a[href]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname !== HOME && !link.pathname.startsWith(`${HOME}/`)) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show();
}

function go(place, { instead = false } = {}) {
  history[instead ? 'replaceState' : 'pushState'](null, '', `${HOME}/${place}`);
  return show();
}

/** Shows the page that the address names. */
async function show() {
  if (!app.me || !mayEnter(app.me)) return;
  const place = location.pathname.slice(HOME.length).replace(/^\/|\/$/g, '') || homeOf(app.me);
  const mine = (turn += 1);
  const left = leave;
  leave = null;
  await left?.();
  try {
    const page = await opened(place);
    if (mine !== turn) return page.leave?.();
    leave = page.leave;
    frame(page, place);
    fill(main, page.body);
    page.shown?.();
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
  return { title: '没有这个页面', body: message('没有这个页面。', '回到首页', () => go(homeOf(app.me), { instead: true })) };
}

async function failed(error, place = '') {
  if (error.code === 'not_signed_in') return signedOut();
  if (!(error instanceof NoAnswer || error.title)) console.error(error);
  const text = error instanceof NoAnswer ? '现在连不上服务器。' : `${error.title ?? '这一页打不开'}。${error.detail ?? ''}`;
  if (app.me) frame({ title: '打不开' }, place);
  fill(main, message(text, '再试一次', () => (app.me ? show() : location.reload())));
}

function message(text, next, act) {
  return h('div', { class: 'page message' }, h('p', null, text), h('button', { type: 'button', class: 'button main', onclick: act }, next));
}

/** Wardens and companies have their own pages. */
function notForThem(me) {
  document.title = '格巡督查台';
  fill(top, brand(), h('span', { class: 'grow' }), personal(me));
  const phone = h('a', { class: 'button main', href: `${PREFIX}/m` }, icon('phone'), '打开手机页面');
  fill(main, h('div', { class: 'page message' }, h('p', null, '督查台供督查员、社区负责人和管理员使用。您的岗位请用手机页面，电脑上也能打开。'), phone));
}

function brand() {
  return h('a', { class: 'brand', href: HOME }, h('img', { src: document.querySelector('link[rel=icon]').href, alt: '', width: 28, height: 28 }), '格巡督查台');
}

function frame({ title, tab, fills = false }, place) {
  document.body.classList.toggle('at-desk', fills);
  document.title = `${title} · 格巡督查台`;
  const links = placesOf(app.me).map(([to, name, text]) => h('li', null, h('a', { href: app.href(to), 'aria-current': (tab ?? place) === to ? 'page' : null }, icon(name), text)));
  fill(top, brand(), h('nav', { 'aria-label': '主要页面' }, h('ul', null, links)), h('span', { class: 'grow' }), pill, personal(app.me));
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function personal(me) {
  const size = h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(isLarge()), onclick: turnSize }, icon('size'), '大字');
  function turnSize() {
    choose(!isLarge(), me);
    size.setAttribute('aria-pressed', String(isLarge()));
  }
  return [mayEnter(me) && unreadLink(app), nameOf(me), size, h('button', { type: 'button', class: 'quiet', onclick: out }, icon('out'), '退出')];
}

/** Who one is, which leads to the account wherever one may enter. */
function nameOf(me) {
  const post = me.posts[0];
  const words = [h('strong', null, me.name), h('span', { class: 'small' }, post ? `${post.organisation.name} ${post.role_label}` : '没有在用的岗位')];
  return mayEnter(me) ? h('a', { class: 'who', href: app.href('me/account'), title: '我的登录、改口令' }, words) : h('span', { class: 'who' }, words);
}

async function out() {
  const waiting = outbox.countable(await outbox.mine()).length;
  const detail = waiting ? `还有 ${waiting} 条没有发出，会留在这台电脑里，下次您登录后接着发。` : '';
  if (!(await sure('退出登录？', '退出', detail))) return;
  try {
    await signOut();
    await signedOut();
  } catch {
    say('现在连不上服务器，没有退出，请稍后再试。');
  }
}

/** What was decided and has not gone: only what waits longer than it can be undone is said. */
function showWaiting(list, { signedOut: isOut }) {
  const late = outbox.countable(list).filter((entry) => entry.hold < Date.now() && (entry.tries > 0 || !navigator.onLine));
  pill.hidden = late.length === 0;
  fill(pill, icon('cloud'), `${late.length} 条待发`);
  if (isOut && app.me) signedOut();
}
