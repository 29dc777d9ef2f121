// The API as a page calls it: the session is a cookie, a write carries the session's CSRF token.

import { kept } from './store.js';

export const PREFIX = document.documentElement.dataset.prefix ?? '';
const BASE = `${PREFIX}/api/v1`;
const PATIENCE = { JSON: 20_000, form: 120_000 };

/** A refusal of the API; `code` says what to do next. */
export class Problem extends Error {
  constructor(body, retryAfter) {
    super(body.title);
    Object.assign(this, { ...body, retryAfter });
  }
}

/** No answer, or one that is not the API's: a captive portal, a proxy that is restarting. */
export class NoAnswer extends Error {}

/** Whether something was merely not to be had, so that what is only pleasant can do without. */
export function isNotToBeHad(error) {
  return error instanceof NoAnswer || error instanceof Problem;
}

let csrf = null;
let person = null;
/** What must be added to this phone's clock to get the server's (ms). */
export let clockOffset = 0;

export function now() {
  return Date.now() + clockOffset;
}

async function ask(method, path, { body, headers = {}, timeout } = {}) {
  const cut = new AbortController();
  const limit = timeout ?? (body instanceof FormData ? PATIENCE.form : PATIENCE.JSON);
  const timer = setTimeout(() => cut.abort(), limit);
  const json = body !== undefined && !(body instanceof FormData);
  const asked = Date.now();
  try {
    const answer = await fetch(BASE + path, {
      method,
      body: json ? JSON.stringify(body) : body,
      headers: { ...(json && { 'Content-Type': 'application/json' }), ...headers },
      signal: cut.signal,
    });
    measureClock(answer, asked);
    return await read(answer);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new NoAnswer(error.message);
  } finally {
    clearTimeout(timer);
  }
}

function measureClock(answer, asked) {
  const told = Date.parse(answer.headers.get('Date') ?? '');
  // The header has whole seconds, and was written about half-way: less than 2 s is no difference.
  const found = told + 500 - (asked + Date.now()) / 2;
  if (Number.isFinite(found)) clockOffset = Math.abs(found) < 2000 ? 0 : found;
}

async function read(answer) {
  if (answer.status === 204) return null;
  const type = answer.headers.get('Content-Type') ?? '';
  if (!type.includes('json')) throw new NoAnswer(`${answer.status} ${type}`);
  const body = await answer.json();
  if (answer.ok) return body;
  if (!body.code) throw new NoAnswer(`${answer.status}`);
  throw new Problem(body, Number(answer.headers.get('Retry-After')) || null);
}

/** A read. */
export function get(path, query) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) words.append(name, one);
  }
  const text = words.toString();
  return ask('GET', text ? `${path}?${text}` : path);
}

/** All pages of a list. */
export async function getAll(path, query) {
  const items = [];
  let cursor;
  do {
    const page = await get(path, { limit: 100, ...query, cursor });
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return items;
}

/** A write; with an old CSRF token it is asked for again, once. */
export async function send(method, path, { key, body } = {}) {
  const headers = () => ({
    'X-CSRF-Token': csrf ?? '',
    ...(key && { 'Idempotency-Key': key }),
  });
  if (csrf === null) await renew();
  try {
    return await ask(method, path, { body, headers: headers() });
  } catch (error) {
    if (error.code !== 'bad_csrf_token') throw error;
    await renew();
    return ask(method, path, { body, headers: headers() });
  }
}

/** A write as the page is left: it goes on without the page, and nobody hears the answer. */
export function sendParting(method, path, { key, body }) {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf ?? '', 'Idempotency-Key': key };
  fetch(BASE + path, { method, headers, body: JSON.stringify(body), keepalive: true }).catch(() => {});
}

async function renew() {
  await known(await ask('GET', '/me'));
}

async function known(me) {
  csrf = me.csrf_token ?? null;
  // Another person's session in the same browser: what waits is not theirs to send.
  if (person && person.id !== me.id) throw new Problem({ code: 'not_signed_in', title: '请重新登录' });
  person = me;
  remember(me);
  return me;
}

function remember(me) {
  const { csrf_token: _, ...told } = me;
  localStorage.setItem('gexun.me', JSON.stringify(told));
}

/** Who used this browser last; known without a network. */
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem('gexun.me'));
  } catch {
    return null;
  }
}

/** Who is signed in; raises what stands in the way. */
export async function whoAmI() {
  person = null;
  return known(await ask('GET', '/me', { timeout: 10_000 }));
}

export async function signIn(username, password) {
  const answer = await ask('POST', '/auth/password', { body: { username, password, cookie: true } });
  person = null;
  return known({ ...answer.person, csrf_token: answer.csrf_token });
}

export async function signOut() {
  await send('POST', '/auth/logout').catch((error) => {
    if (error.code !== 'not_signed_in') throw error;
  });
  await kept.forget(`answer:${person?.id}:`);
  localStorage.removeItem('gexun.me');
  csrf = person = null;
}

/**
 * A read that is remembered: `{data, at, readAt, old}`; without a network what was read last, if
 * ever. `readAt` is by the phone's own clock, as the outbox says when something went: the server's
 * time is known to a second only, which cannot tell what came first.
 */
export async function recall(name, read) {
  const place = `answer:${(person ?? remembered())?.id}:${name}`;
  try {
    const data = await read();
    const told = { data, at: now(), readAt: Date.now() };
    await kept.put(place, told);
    return { ...told, old: false };
  } catch (error) {
    const last = error instanceof NoAnswer ? await kept.get(place) : undefined;
    if (!last) throw error;
    return { ...last, old: true };
  }
}
