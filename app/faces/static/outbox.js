// What was done and not yet received: kept from the first moment, sent when it can be, never twice.
//
// An entry is one request. Its id is its Idempotency-Key, so sending it again is always safe, and
// other entries name what it will make as `key:` + id. It waits, is refused (a person decides) or
// is sent. Bytes are ArrayBuffers: WebKit loses Blobs.

import { Problem, send } from './api.js';
import { newId } from './ids.js';
import { entries } from './store.js';

const AGAIN = new Set([
  'internal_error',
  'photo_just_removed',
  'photo_store_unavailable',
  'reference_unknown',
  'request_in_progress',
  'too_many_requests',
  'unavailable',
]);
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const REMEMBERED = 3 * 86_400_000;
const MOST_TRIES_WITHOUT_WHAT_IT_NAMES = 6;

let person = null;
let running = false;
let signedOut = false;
let timer;
let silence = { tries: 0, until: 0 };
const listeners = new Set();
const waiting = new Map();

/** What to do after an answer: by the problem's code, never by the status. */
export function nextStep(error) {
  if (!(error instanceof Problem)) return 'silence';
  if (error.code === 'not_signed_in') return 'sign in';
  return AGAIN.has(error.code) ? 'again' : 'refused';
}

/** How long to wait after so many tries: doubled each time, a random half of it left out. */
export function pause(tries, random = Math.random) {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  return whole / 2 + (random() * whole) / 2;
}

/** Whose outbox it is from now on; everything of theirs may go. */
export function belongsTo(who) {
  person = who;
  signedOut = false;
  silence = { tries: 0, until: 0 };
  flush();
}

/** Hears of every change: the list, and whether somebody must sign in first. */
export function listen(listener) {
  listeners.add(listener);
  tell();
  return () => listeners.delete(listener);
}

async function tell() {
  const list = await mine();
  for (const listener of listeners) listener(list, { signedOut, silent: silence.tries > 0 });
}

/** This person's entries, oldest first. */
export async function mine() {
  const all = await entries.all();
  return all.filter((entry) => entry.person === person?.id).sort((a, b) => a.at - b.at);
}

/** Entries of others who used this browser. */
export async function others() {
  const all = await entries.all();
  return all.filter((entry) => entry.person !== person?.id && entry.state !== 'sent');
}

/** What a person would count: reports, rounds and decisions, not the photos that go with them. */
export function countable(list) {
  return list.filter((entry) => entry.state !== 'sent' && entry.kind !== 'photo');
}

/** Keeps a request; it goes as soon as it may. `hold` is how long it can still be changed (ms). */
export async function add({ id = newId(), hold = 0, ...what }) {
  const entry = {
    id,
    method: 'POST',
    person: person.id,
    personName: person.name,
    at: Date.now(),
    state: 'waiting',
    tries: 0,
    next: 0,
    hold: Date.now() + hold,
    needs: [],
    ...what,
  };
  await entries.put(entry);
  // Browsers that are short of space spare what was asked to stay.
  navigator.storage?.persist?.().catch(() => {});
  changed();
  return entry;
}

/** Changes an entry that has not been sent; false when it is too late. */
export async function change(id, changes) {
  const entry = await entries.get(id);
  if (!entry || entry.state === 'sent' || waiting.has(id)) return false;
  await entries.put({ ...entry, ...changes, state: 'waiting', problem: null, tries: 0, next: 0 });
  changed();
  return true;
}

/** Says of an entry and of what it names that it is so now: what was too old is taken then. */
export async function sayItIsSoNow(entry) {
  for (const id of [...entry.needs, entry.id]) {
    const one = await entries.get(id);
    if (one?.state !== 'refused') continue;
    const { occurred_at: _, ...body } = one.body ?? {};
    await change(id, { body });
  }
}

/** Gives an entry up; false when it is being sent, or was. */
export async function drop(id) {
  const entry = await entries.get(id);
  if (!entry || entry.state === 'sent' || waiting.has(id)) return false;
  await entries.remove(id);
  changed();
  return true;
}

/** Waits until an entry is sent or refused, at most so long; the entry as it is then. */
export async function settled(id, limit = 8_000) {
  const end = Date.now() + limit;
  for (;;) {
    const entry = await entries.get(id);
    if (!entry || entry.state !== 'waiting' || signedOut || Date.now() > end) return entry;
    if (silence.tries > 0 && !navigator.onLine) return entry;
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}

function changed() {
  tell();
  flush();
}

/** Sends what is due. `atOnce` forgets all waiting times: somebody asked, or a network came. */
export async function flush({ atOnce = false } = {}) {
  if (!person) return;
  if (atOnce) await forgetWaits();
  if (running || signedOut) return;
  running = true;
  try {
    await alone(async () => {
      for (let entry = await due(); entry; entry = await due()) await attempt(entry);
    });
  } finally {
    running = false;
  }
  await schedule();
}

async function forgetWaits() {
  silence = { tries: 0, until: 0 };
  for (const entry of await mine()) {
    if (entry.state === 'waiting' && entry.next && !waiting.has(entry.id)) {
      await entries.put({ ...entry, next: 0 });
    }
  }
}

/** One tab at a time, where browsers can say so; else the server tells repetitions apart. */
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request('gexun-outbox', { ifAvailable: true }, (lock) => lock && work());
}

async function due() {
  if (signedOut || !person || silence.until > Date.now()) return null;
  const list = await mine();
  const byId = new Map(list.map((entry) => [entry.id, entry]));
  const free = (id) => !byId.has(id) || byId.get(id).state === 'sent';
  return list.find(
    (entry) =>
      entry.state === 'waiting' &&
      Math.max(entry.hold, entry.next) <= Date.now() &&
      entry.needs.every(free),
  );
}

async function attempt(entry) {
  waiting.set(entry.id, entry);
  try {
    const answer = await send(entry.method, entry.path, { key: entry.id, body: bodyOf(entry) });
    silence = { tries: 0, until: 0 };
    await entries.put(sentForm(entry, answer));
  } catch (error) {
    await failed(entry, error);
  } finally {
    waiting.delete(entry.id);
  }
  await tell();
}

function bodyOf(entry) {
  const sentAt = new Date().toISOString();
  if (!entry.bytes) return entry.body && { ...entry.body, sent_at: sentAt };
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...entry.body, sent_at: sentAt })) {
    if (value !== null && value !== undefined) form.append(name, value);
  }
  form.append('file', new Blob([entry.bytes], { type: entry.type }), 'photo');
  return form;
}

function sentForm({ bytes: _, ...entry }, answer) {
  return { ...entry, state: 'sent', problem: null, sentAt: Date.now(), answer: brief(answer) };
}

/** What a page needs to know of an answer later. */
function brief(answer) {
  const { id, number, version, state, state_label, compound, cell, responsible, due_at } =
    answer ?? {};
  return { id, number, version, state, state_label, compound, cell, responsible, due_at };
}

async function failed(entry, error) {
  const step = nextStep(error);
  if (step === 'sign in') {
    signedOut = true;
    return;
  }
  if (step === 'silence') {
    silence = { tries: silence.tries + 1, until: Date.now() + pause(silence.tries) };
    return;
  }
  const tries = entry.tries + 1;
  const lost = error.code === 'reference_unknown' && tries >= MOST_TRIES_WITHOUT_WHAT_IT_NAMES;
  if (step === 'again' && !lost) {
    const wait = error.retryAfter ? error.retryAfter * 1000 : pause(entry.tries);
    await entries.put({ ...entry, tries, next: Date.now() + wait });
    return;
  }
  if (entry.method === 'DELETE') return entries.remove(entry.id); // gone, or used
  const { code, title, detail, errors } = error;
  await entries.put({ ...entry, tries, state: 'refused', problem: { code, title, detail, errors } });
}

/** The next time something falls due; what was sent long ago is forgotten. */
async function schedule() {
  clearTimeout(timer);
  const list = await mine();
  for (const entry of list) {
    if (entry.state === 'sent' && entry.at < Date.now() - REMEMBERED) await entries.remove(entry.id);
  }
  const times = list
    .filter((entry) => entry.state === 'waiting')
    .map((entry) => Math.max(entry.hold, entry.next, silence.until));
  if (!times.length || signedOut) return;
  const wait = Math.min(...times) - Date.now();
  timer = setTimeout(flush, Math.min(60_000, Math.max(300, wait)));
}

/** Begins to send by itself: when a network comes, when the page is looked at again. */
export function start() {
  addEventListener('online', () => flush({ atOnce: true }));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') flush();
  });
}
