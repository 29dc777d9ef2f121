// Whose records one keeps, and the draft of one: kept on this phone until it is in the outbox.

import { now } from '../faces/api.js';
import { kept } from '../faces/store.js';

const KEEPERS = ['lead', 'warden', 'supervisor'];
const EMPTY = { kinds: [], photos: [], had: [], subject: '', place: '', quantity: '', note: '', links: '', compound: '', happened_on: '', mending: null, corrects: null };

/** The unit one records for: one's community, else the town's office. */
export function unitOf(me) {
  const posts = KEEPERS.map((role) => me.posts.find((post) => post.role === role)).filter(Boolean);
  return posts[0]?.organisation ?? null;
}

export function today() {
  return new Date(now()).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

export function emptyDraft() {
  return { ...EMPTY, happened_on: today() };
}

const place = (me) => `draft:record:${me.id}`;

export const draftOfRecord = {
  read: async (me) => ({ ...emptyDraft(), ...(await kept.get(place(me))) }),
  keep: (me, draft) => kept.put(place(me), draft),
  forget: (me) => kept.remove(place(me)),
};

/** Begins a record with what is known of it: of an entry that was refused, or one returned. */
export async function beginRecord(app, draft) {
  await draftOfRecord.keep(app.me, { ...emptyDraft(), ...draft });
  await app.go('records/new');
}
