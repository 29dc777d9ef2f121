// Putting it right: the before-photo in view, the after-photo taken, neighbours with the same one.

import { get, isNotToBeHad, recall } from '../faces/api.js';
import { fill, h, picture, say } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { entries, kept } from '../faces/store.js';
import { lightOf, placeOf } from '../faces/tickets.js';
import { thumb } from './cards.js';
import { nameOf, pictureOf } from './categories.js';
import { Place } from './place.js';
import { homeOf } from './roles.js';
import { giveUpPhoto, keepPhoto, shutter, strip } from './shots.js';
import { hasViewfinder, lookAndShoot } from './viewfinder.js';

const DONE = ['已清走', '已修好', '已拆除', '已劝阻并清理'];

export async function page(app, id) {
  const { data: ticket } = await recall(`ticket:${id}`, () => get(`/tickets/${id}`));
  const name = `draft:repair:${app.me.id}:${ticket.id}`;
  const form = new RepairForm(app, ticket, name, await kept.get(name));
  await form.show();
  form.place.start();
  form.findNeighbours();
  return { title: '拍照整改', tab: homeOf(app.me), hasBack: true, body: form.body, leave: () => form.place.stop() };
}

class RepairForm {
  constructor(app, ticket, name, draft) {
    Object.assign(this, { app, ticket, name, draft: draft ?? { photos: [], note: '' }, neighbours: [], together: new Set() });
    this.body = h('div', { class: 'page stack' });
    this.place = new Place(app.me);
    this.before = ticket.photos.find((use) => use.role === 'before')?.photo.urls.display;
    this.beside = h('div');
  }

  async update(changes) {
    Object.assign(this.draft, changes);
    await kept.put(this.name, this.draft);
    await this.show();
  }

  async show() {
    const { ticket, draft } = this;
    if (!ticket.allowed_actions.includes('rectify')) return fill(this.body, h('p', { class: 'note amber' }, icon('warn'), `这张工单现在是“${ticket.state_label}”，不能整改。`));
    const shots = draft.photos.length;
    return fill(
      this.body,
      h('section', { class: 'card row' }, pictureOf(ticket.category.code), h('div', { class: 'grow' }, h('h2', null, nameOf(ticket.category)), h('p', { class: 'soft' }, placeOf(ticket))), lightOf(ticket)),
      await this.comparison(),
      h('div', { class: 'acts' }, this.shutters(shots)),
      h('p', { class: 'note' }, icon('check'), h('span', null, `结案标准：${ticket.closing_test}`)),
      shots > 0 && this.finish(),
    );
  }

  async comparison() {
    const taken = this.draft.photos.length > 0;
    const before = h('figure', { class: 'shot' }, this.before ? h('img', { src: this.before, alt: '整改前照片' }) : h('p', { class: 'soft' }, '没有整改前照片'), h('figcaption', null, h('strong', null, '整改前')));
    if (!taken) return before;
    const last = await entries.get(this.draft.photos.at(-1));
    const after = h('figure', { class: 'shot' }, last?.thumb && picture(last.thumb, '整改后照片'), h('figcaption', null, h('strong', null, '整改后')));
    const remove = async (id) => {
      await giveUpPhoto(id);
      await this.update({ photos: this.draft.photos.filter((one) => one !== id) });
    };
    const only = this.draft.photos.length === 1;
    if (only) after.lastChild.append(h('button', { type: 'button', class: 'quiet red', onclick: () => remove(last.id) }, icon('trash'), '去掉重拍'));
    return [h('div', { class: 'side-by-side' }, before, after), !only && (await strip(this.draft.photos, { onremove: remove, words: '整改后照片' }))];
  }

  shutters(shots) {
    const onshot = (entry) => this.update({ photos: [...this.draft.photos, entry.id] });
    const plain = shutter({ words: shots ? '再拍一张' : '拍整改后', place: this.place, className: shots ? 'button' : 'button main', onshot });
    if (!hasViewfinder() || !this.before) return plain;
    return [h('button', { type: 'button', class: `button${shots ? '' : ' main'}`, onclick: () => this.look(onshot) }, icon('compare'), '对照着拍'), shutter({ words: '用手机相机拍', place: this.place, className: 'button', onshot })];
  }

  async look(onshot) {
    try {
      const file = await lookAndShoot(this.before);
      if (file) onshot(await keepPhoto(file, this.place));
    } catch {
      say('这里打不开取景，请用手机相机拍。');
    }
  }

  /** Others of the same compound that are open: one photo may show that several are done. */
  async findNeighbours() {
    const { compound, id } = this.ticket;
    if (!compound) return;
    try {
      const { data } = await recall(`open:${compound.code}`, () => get('/tickets', { compound: compound.code, state: 'dispatched', sort: 'due', limit: 20 }));
      this.neighbours = data.items.filter((one) => one.id !== id);
      this.showNeighbours();
    } catch (error) {
      if (!isNotToBeHad(error)) throw error;
    }
  }

  showNeighbours() {
    if (!this.neighbours.length) return;
    const line = (one) => {
      const box = h('input', { type: 'checkbox', onchange: () => this.together[box.checked ? 'add' : 'delete'](one) });
      return h('li', null, h('label', { class: 'line' }, box, thumb(one.cover, pictureOf(one.category.code)), h('span', { class: 'grow' }, h('strong', { class: 'block' }, nameOf(one.category)), h('span', { class: 'small soft' }, placeOf(one)))));
    };
    fill(this.beside, h('details', { class: 'card tight more' }, h('summary', null, `同一小区的也整改好了？（${this.neighbours.length} 张）`), h('ul', { class: 'lines' }, this.neighbours.map(line))));
  }

  finish() {
    const note = h('textarea', { id: 'note', rows: 2, maxlength: 2000, oninput: () => keepNote(note.value) });
    note.value = this.draft.note;
    const keepNote = (words) => {
      this.draft.note = words;
      kept.put(this.name, this.draft);
    };
    const reason = (words) => h('button', { type: 'button', class: 'button', onclick: () => keepNote((note.value = words)) }, words);
    return h('section', { class: 'stack' }, this.beside, h('div', { class: 'field' }, h('label', { for: 'note' }, '做了什么（可不填）'), h('div', { class: 'reasons' }, DONE.map(reason)), note), h('button', { type: 'button', class: 'button main wide', onclick: () => this.submit() }, icon('check'), '提交整改'));
  }

  async submit() {
    const { ticket, draft, together } = this;
    const said = { ...(draft.note && { note: draft.note }), photo_ids: draft.photos.map((id) => `key:${id}`), occurred_at: new Date().toISOString() };
    const all = [ticket, ...together];
    const one = { path: `/tickets/${ticket.id}/rectify`, body: { version: ticket.version, ...said } };
    const several = { path: '/tickets/rectify', body: { tickets: all.map(({ id, version }) => ({ id, version })), ...said } };
    const first = await entries.get(draft.photos[0]);
    const entry = await outbox.add({
      kind: 'action',
      title: all.length > 1 ? `整改 ${all.length} 张` : `整改：${nameOf(ticket.category)}`,
      detail: placeOf(ticket),
      thumb: first?.thumb,
      ticket: ticket.id,
      repairs: all.map(({ id }) => id),
      needs: draft.photos,
      ...(all.length > 1 ? several : one),
    });
    await kept.remove(this.name);
    const settled = await outbox.settled(entry.id, 6_000);
    const words = { sent: '整改已提交，等待核查。', refused: '没有收下，请到待发箱看原因。' }[settled?.state] ?? '整改已记下，有网后自动提交。';
    await this.app.go(settled?.state === 'refused' ? 'outbox' : homeOf(this.app.me), { instead: true });
    say(words);
  }
}
