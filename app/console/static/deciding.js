// What a decision is, and its way to the server: held for a few seconds in which it can be undone,
// sent at once when the next one is made or the page is left, never twice.

import { get, sendParting } from '../faces/api.js';
import * as outbox from '../faces/outbox.js';
import { lastOf } from './lists.js';
import { OVERRULING, REOPENING, RETURNING } from './phrases.js';

export const UNDO_MS = 5_000;

const GOOD = { close: '通过，结案', confirm: '复核通过' };
const BAD = { return: '退回返工', reopen: '重新办理' };

/** The two decisions that this person can take on a ticket now; either may be missing. */
export function choicesOf(ticket) {
  const of = (words) => Object.keys(words).find((action) => ticket.allowed_actions.includes(action));
  const [good, bad] = [of(GOOD), of(BAD)];
  return {
    good: good && { action: good, words: GOOD[good], ...overruling(ticket, good) },
    bad: bad && { action: bad, words: BAD[bad], ask: '为什么' + BAD[bad], phrases: bad === 'return' ? RETURNING : REOPENING },
  };
}

/** Closing over a contradicted photo needs a reason. */
function overruling(ticket, action) {
  if (action !== 'close' || !lastAfter(ticket).some((use) => use.verdict === 'contradicted')) return {};
  return { ask: '照片与事实不符，为什么可以结案', phrases: OVERRULING };
}

/** The after-photos of the newest repair. */
export function lastAfter(ticket) {
  const after = ticket.photos.filter((use) => use.role === 'after');
  const ids = new Set(after.map((use) => use.photo.id));
  const newest = lastOf(ticket.timeline, (event) => event.photo_ids.some((id) => ids.has(id)));
  return after.filter((use) => newest?.photo_ids.includes(use.photo.id));
}

/**
 * Sends an entry as the page is left, while nothing can be waited for. It stays in the outbox: the
 * next page sends it again under its key and learns what became of it.
 */
function sendAsLeaving({ id, method, path, body }) {
  sendParting(method, path, { key: id, body: { ...body, sent_at: new Date().toISOString() } });
}

/** Decisions on their way. `ontold` hears of each that was refused, with the ticket as it is. */
export class Decisions {
  constructor({ onchange, onrefused }) {
    Object.assign(this, { onchange, onrefused, held: null, known: new Map(), sent: 0 });
    this.leaving = () => this.held && sendAsLeaving(this.held);
    addEventListener('pagehide', this.leaving);
    this.stop = outbox.listen((list) => this.heard(list));
  }

  /** Lets decisions of an earlier visit go, which nobody can undo any more; their tickets. */
  async takeUp() {
    const earlier = (await outbox.mine()).filter((entry) => entry.state === 'waiting' && entry.kind === 'action' && !this.known.has(entry.id));
    for (const entry of earlier) await outbox.change(entry.id, { hold: 0 });
    return earlier.map((entry) => entry.ticket);
  }

  /** Takes a decision; the one before goes now. */
  async decide(ticket, { action, words }, note) {
    await this.release();
    const entry = await outbox.add({
      kind: 'action',
      path: `/tickets/${ticket.id}/${action}`,
      title: words,
      detail: ticket.compound?.name ?? ticket.number,
      ticket: ticket.id,
      body: { version: ticket.version, ...(note && { note }), photo_ids: [] },
      hold: UNDO_MS,
    });
    this.held = entry;
    this.known.set(entry.id, { entry, ticket });
    this.timer = setTimeout(() => this.release(), UNDO_MS);
    this.onchange();
  }

  /** Lets the held decision go at once. */
  async release() {
    const { held } = this;
    clearTimeout(this.timer);
    this.held = null;
    if (held) await outbox.change(held.id, { hold: 0 });
    this.onchange();
  }

  /** Takes the held decision back; the ticket it was about, null when it has gone. */
  async undo() {
    const { held } = this;
    clearTimeout(this.timer);
    this.held = null;
    const { ticket } = this.known.get(held?.id) ?? {};
    const isBack = held && (await outbox.drop(held.id));
    if (isBack) this.known.delete(held.id);
    this.onchange();
    return isBack ? ticket : null;
  }

  async heard(list) {
    for (const entry of list) {
      const decision = this.known.get(entry.id);
      if (!decision || entry.state === 'waiting') continue;
      this.known.delete(entry.id);
      if (entry.state === 'sent') this.sent += 1;
      else await this.refused(entry, decision.ticket);
      this.onchange();
    }
  }

  /** It was not taken: what the server says is told, and the ticket is read as it is. */
  async refused(entry, ticket) {
    await outbox.drop(entry.id);
    const current = await get(`/tickets/${ticket.id}`).catch(() => null);
    this.onrefused({ entry, problem: entry.problem, ticket, current });
  }

  /** The page is left for another one of ours: nothing is held, and that one shall know of it. */
  async close() {
    const { held } = this;
    this.stop();
    await this.release();
    if (held) await outbox.settled(held.id, 2_000);
    removeEventListener('pagehide', this.leaving);
  }
}
