// Reporting: a photo, one tap on a picture, done. Everything else is optional.

import { get, isNotToBeHad } from '../faces/api.js';
import { fill, h, say, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { newId } from '../faces/ids.js';
import * as outbox from '../faces/outbox.js';
import { entries, kept } from '../faces/store.js';
import { chips, dictionary, nameOf, pictureOf } from './categories.js';
import { Place, pickPlace, placeLine } from './place.js';
import { isOfCommunity } from './roles.js';
import { giveUpPhoto, shutter, strip } from './shots.js';

const GRACE_MS = 6_000;
const OFFLINE_MS = 72 * 3_600_000;
const EMPTY = { id: null, photos: [], fixed: [], note: '', chosen: null, checkpoint: null, mending: null };

const draftName = (me) => `draft:report:${me.id}`;

/** Begins a report about a checkpoint of a round, or of an entry that was refused. */
export async function beginReport(app, draft) {
  await kept.put(draftName(app.me), { ...EMPTY, ...draft });
  await app.go('report');
}

export async function page(app) {
  const draft = { ...EMPTY, ...(await kept.get(draftName(app.me))) };
  const form = new ReportForm(app, draft);
  await form.show();
  form.place.start();
  return { title: '上报问题', tab: 'report', body: form.body, leave: () => form.place.stop() };
}

class ReportForm {
  constructor(app, draft) {
    Object.assign(this, { app, draft, known: [], body: h('div', { class: 'page report stack' }) });
    this.place = new Place(app.me, { chosen: draft.chosen, onchange: () => this.moved() });
    this.line = placeLine(this.place);
    this.near = h('div', { hidden: true });
  }

  /** Keeps the draft and shows it. */
  async update(changes) {
    Object.assign(this.draft, changes);
    await kept.put(draftName(this.app.me), this.draft);
    await this.show();
  }

  async show() {
    const begun = this.draft.photos.length + this.draft.fixed.length > 0;
    fill(this.body, begun ? await this.begun() : await this.fresh());
  }

  async fresh() {
    const recent = (await outbox.mine()).filter((entry) => entry.kind === 'report').reverse().slice(0, 3);
    const { sentPanel } = recent.length ? await import('./sent.js') : {};
    return [
      this.about(),
      shutter({ words: '拍照上报', place: this.place, className: 'big', onshot: (entry) => this.shot(entry) }),
      shutter({ words: '从相册选', place: this.place, className: 'quiet', album: true, onshot: (entry) => this.shot(entry) }),
      this.line,
      this.near,
      recent.length > 0 && h('section', { class: 'stack' }, h('h2', null, '刚才上报的'), recent.map((entry) => sentPanel(this.app, entry, { small: true, onmend: (one) => this.mend(one) }))),
    ];
  }

  async begun() {
    const remove = (list) => async (id) => {
      await giveUpPhoto(id);
      await this.update({ [list]: this.draft[list].filter((one) => one !== id) });
    };
    return [
      this.about(),
      h('div', { class: 'shots' }, await strip(this.draft.photos, { onremove: remove('photos'), words: '问题照片' }), shutter({ words: this.draft.photos.length ? '再拍一张' : '拍问题', place: this.place, className: 'more', onshot: (entry) => this.shot(entry) })),
      this.line,
      h('h2', { id: 'which' }, '是什么问题？点一下就上报'),
      this.grid(),
      h('details', { class: 'more', open: this.draft.note !== '' || this.draft.fixed.length > 0 }, h('summary', null, '补充（可不填）'), await this.extras(remove('fixed'))),
      h('button', { type: 'button', class: 'quiet red', onclick: () => this.discard() }, icon('trash'), this.draft.mending ? '不改了' : '不报了'),
    ];
  }

  about() {
    const { checkpoint, mending } = this.draft;
    if (mending) return h('p', { class: 'note amber' }, icon('edit'), '修改这条上报，点问题种类重新发出。');
    return checkpoint && h('p', { class: 'note' }, icon('walk'), `巡查点位：${checkpoint.name}`);
  }

  grid() {
    const button = (chip) =>
      h('button', { type: 'button', class: 'chip', onclick: () => this.report(chip) }, pictureOf(chip.category), h('span', null, chip.words));
    const grid = h('div', { class: 'chips', role: 'group', 'aria-labelledby': 'which' });
    const shown = (known) => fill(grid, chips(known).map(button));
    dictionary().then((known) => shown((this.known = known)), () => shown([]));
    return grid;
  }

  async extras(remove) {
    const note = h('textarea', { id: 'note', rows: 2, maxlength: 2000, oninput: () => this.noted(note.value) });
    note.value = this.draft.note;
    const all = h('button', { type: 'button', class: 'button', onclick: () => this.chooseAmongAll() }, '其他种类……');
    const fixed = isOfCommunity(this.app.me) && h(
      'div',
      { class: 'field' },
      h('span', { class: 'label' }, '当场已经整改好'),
      await strip(this.draft.fixed, { onremove: remove, words: '整改后照片' }),
      shutter({ words: '拍整改后', place: this.place, className: 'button', onshot: (entry) => this.update({ fixed: [...this.draft.fixed, entry.id] }) }),
    );
    return h('div', { class: 'stack' }, h('div', { class: 'field' }, h('label', { for: 'note' }, '说明'), note), fixed, all);
  }

  noted(note) {
    this.draft.note = note;
    kept.put(draftName(this.app.me), this.draft);
  }

  async shot(entry) {
    await this.update({ photos: [...this.draft.photos, entry.id] });
  }

  moved() {
    this.line.update();
    if (this.place.chosen !== this.draft.chosen) {
      this.draft.chosen = this.place.chosen;
      kept.put(draftName(this.app.me), this.draft);
    }
    this.lookAround();
  }

  /** What is already reported near by; only worth saying while nothing is photographed. */
  async lookAround() {
    const { fix } = this.place;
    if (!fix || this.looked) return;
    this.looked = true;
    try {
      const { items } = await get('/tickets/nearby', { lng: fix.lng, lat: fix.lat });
      if (!items.length) return;
      this.near.hidden = false;
      fill(this.near, h('details', { class: 'more near' }, h('summary', null, `附近已报、没办结的有 ${items.length} 处`), h('ul', { class: 'stack' }, items.slice(0, 6).map((item) => nearLine(this.app, item)))));
    } catch (error) {
      if (!isNotToBeHad(error)) throw error;
    }
  }

  async chooseAmongAll() {
    const chosen = await sheet('问题种类', (close) =>
      h('div', { class: 'choices' }, this.known.flatMap((category) => category.conditions.map((condition) => allLine(category, condition, close)))),
    );
    if (chosen) await this.report(chosen);
  }

  async report(chip) {
    if (!this.place.known && this.place.state !== 'asking') await pickPlace(this.place);
    if (!this.place.known && this.place.state !== 'asking') return say('还没有选地点。');
    if (!this.draft.photos.length) return say('先拍一张问题的照片。');
    const entry = await keepReport(this.app, this.draft, this.place, chip);
    await kept.remove(draftName(this.app.me));
    this.draft = { ...EMPTY };
    // Where the phone knows, the next one is where it is then; else probably the same place again.
    if (this.place.fix) this.place.choose(null);
    await this.done(entry);
  }

  async done(entry) {
    const { sentPanel } = await import('./sent.js');
    const again = h('button', { type: 'button', class: 'button main wide', onclick: () => this.show() }, icon('camera'), '再报一个');
    const back = entry.round && h('button', { type: 'button', class: 'button wide', onclick: () => this.app.go(`rounds/${entry.round}`) }, icon('walk'), '接着巡查');
    fill(this.body, sentPanel(this.app, entry, { onmend: (one) => this.mend(one) }), back, again);
    scrollTo(0, 0);
  }

  async mend(entry) {
    this.draft = draftOf(entry);
    this.place.choose(this.draft.chosen);
    await this.update({});
    scrollTo(0, 0);
  }

  async discard() {
    if (!this.draft.mending) {
      for (const id of [...this.draft.photos, ...this.draft.fixed]) await giveUpPhoto(id);
    } else {
      await outbox.change(this.draft.mending, { hold: 0 });
    }
    await this.update({ ...EMPTY });
    this.place.choose(null);
  }
}

function nearLine(app, item) {
  const cover = item.cover ? h('img', { src: item.cover, alt: '', width: 64, height: 64 }) : h('span', { class: 'no-picture' });
  return h('li', null, h('a', { class: 'near-line', href: app.href(`tickets/${item.id}`) }, cover, h('span', { class: 'grow' }, h('strong', null, nameOf(item.category)), h('span', { class: 'small soft' }, `约 ${Math.round(item.distance_m)} 米 · ${item.state_label}`))));
}

function allLine(category, condition, close) {
  const words = category.conditions.length > 1 ? `${category.name}：${condition.name}` : category.name;
  const chosen = { category: category.code, condition: condition.code, words };
  return h('button', { type: 'button', class: 'button start', onclick: () => close(chosen) }, pictureOf(category.code), words);
}

/** Puts a report into the outbox, where it can still be changed for a moment. */
async function keepReport(app, draft, place, chip) {
  const photos = (ids) => ids.map((id) => `key:${id}`);
  const first = await entries.get(draft.photos[0]);
  const before = draft.mending && (await entries.get(draft.mending));
  const { occurred_at: keptAt } = before?.body ?? {};
  // The server takes nothing older: who mends it says that it is still so.
  const stale = keptAt && Date.now() - Date.parse(keptAt) > OFFLINE_MS;
  if (stale) await outbox.sayItIsSoNow({ id: before.id, needs: [...draft.photos, ...draft.fixed] });
  const what = {
    kind: 'report',
    path: '/tickets',
    title: chip.words,
    category: chip.category,
    detail: place.name,
    thumb: first?.thumb,
    needs: [...draft.photos, ...draft.fixed],
    draft: { ...draft, mending: null },
    round: draft.checkpoint?.compound ?? null,
    body: {
      category: chip.category,
      ...(chip.condition && { condition: chip.condition }),
      ...(draft.note && { description: draft.note }),
      source: draft.checkpoint ? 'round' : 'self_found',
      photo_ids: photos(draft.photos),
      ...place.said(),
      ...(draft.checkpoint && { checkpoint: draft.checkpoint.id, compound: draft.checkpoint.compound }),
      ...(draft.fixed.length && { fixed_on_spot: { photo_ids: photos(draft.fixed) } }),
      occurred_at: keptAt && !stale ? keptAt : new Date().toISOString(),
    },
  };
  if (before && (await outbox.change(before.id, { ...what, hold: Date.now() + GRACE_MS }))) return entries.get(before.id);
  const entry = await outbox.add({ id: newId(), hold: GRACE_MS, ...what });
  if (draft.checkpoint) await keepCheck(draft.checkpoint, entry);
  return entry;
}

/** The checkpoint's result names the ticket that is still to be made. */
function keepCheck(checkpoint, report) {
  return outbox.add({
    kind: 'round',
    path: '/rounds',
    title: `巡查 ${checkpoint.name}`,
    detail: checkpoint.compoundName,
    compound: checkpoint.compound,
    needs: [report.id],
    body: {
      compound: checkpoint.compound,
      checks: [{ checkpoint: checkpoint.id, result: 'problem', ticket: `key:${report.id}` }],
      occurred_at: report.body.occurred_at,
    },
  });
}

/** The draft that an entry was made of. */
export function draftOf(entry) {
  return { ...EMPTY, ...entry.draft, mending: entry.id };
}

