// The pages about oneself that both faces have: messages, sign-ins, the password.

import { complaints } from './complaints.js';
import { fill, h } from './dom.js';
import { inbox } from './inbox.js';
import { passwordForm } from './password.js';
import { signIns } from './signins.js';

const PAGES = {
  inbox: ['消息', async (app) => [await inbox(app)]],
  signins: ['我的登录', async () => [await signIns()]],
  password: ['改口令', async (app) => [passwordForm(app)]],
  complaints: ['投诉建议', async (app) => [await complaints(app)]],
  account: ['我的账号', account],
};

/** With another password other sign-ins are over. */
async function account(app) {
  const list = h('div', null, await signIns());
  const say = h('a', { class: 'button', href: app.href('me/complaints') }, '投诉建议');
  return [list, say, passwordForm(app, async () => fill(list, await signIns()))];
}

/** A page by its name; it says so where there is none of that name. */
export async function page(app, name) {
  const [title, parts] = PAGES[name] ?? ['没有这个页面', async () => [h('p', { class: 'plain-message' }, '没有这个页面。')]];
  return { title, tab: 'me', hasBack: true, body: h('div', { class: 'page stack narrow' }, await parts(app)) };
}
