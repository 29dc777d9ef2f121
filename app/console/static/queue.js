// What waits to be decided, in the server's order, read ahead so that the next one is there at once.

import { get } from '../faces/api.js';

const AHEAD = 3;
const FEW = 5;

export class Queue {
  constructor(query) {
    Object.assign(this, { query, waiting: [], skipped: [], done: new Set(), whole: new Map(), cursor: null, left: 0 });
  }

  /** Reads from the riskiest on. */
  async begin() {
    const page = await get('/review', { ...this.query, limit: 20 });
    this.left = page.count - page.items.filter(({ ticket }) => this.done.has(ticket.id)).length;
    this.take(page);
  }

  take(page) {
    const known = new Set([...this.waiting, ...this.skipped].map(({ ticket }) => ticket.id));
    this.waiting.push(...page.items.filter(({ ticket }) => !known.has(ticket.id) && !this.done.has(ticket.id)));
    this.cursor = page.next_cursor;
  }

  /** The first that waits, whole, with why; null when there is none. */
  async current() {
    if (this.waiting.length < FEW && this.cursor) await this.more();
    const [item] = this.waiting;
    if (!item) return null;
    const ticket = await this.read(item.ticket.id);
    for (const next of this.waiting.slice(1, 1 + AHEAD)) this.readAhead(next.ticket.id);
    return { ticket, reasons: item.reasons, notice: item.notice };
  }

  async more() {
    const { cursor } = this;
    this.cursor = null;
    const read = get('/review', { ...this.query, limit: 20, cursor }).then((page) => this.take(page), () => (this.cursor = cursor));
    // Only who has nothing left waits for it.
    if (!this.waiting.length) await read;
  }

  read(id) {
    if (!this.whole.has(id)) {
      const read = get(`/tickets/${id}`);
      this.whole.set(id, read);
      read.catch(() => this.whole.delete(id));
    }
    return this.whole.get(id);
  }

  /** Reads a ticket and its photos before they are needed. */
  readAhead(id) {
    this.read(id).then((ticket) => {
      for (const use of ticket.photos) new Image().src = use.photo.urls.display;
    }, () => {});
  }

  /** The first was decided. */
  decided() {
    const [item] = this.waiting.splice(0, 1);
    this.done.add(item.ticket.id);
    this.whole.delete(item.ticket.id);
    this.left -= 1;
    return item;
  }

  skip() {
    this.skipped.push(...this.waiting.splice(0, 1));
  }

  /** What was skipped waits again. */
  takeUpSkipped() {
    this.waiting.push(...this.skipped.splice(0));
  }

  /** Puts one back to the front: it was undone, or changed meanwhile. */
  putBack(item, whole) {
    const { id } = item.ticket;
    this.waiting = [item, ...this.waiting.filter(({ ticket }) => ticket.id !== id)];
    if (this.done.delete(id)) this.left += 1;
    if (whole) this.whole.set(id, Promise.resolve(whole));
  }
}
