// The short form of a record: what, when, where, how many, photos, links; kept at every stroke.

import { get, getAll, recall } from '../faces/api.js';
import { fill, h, say } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { entries } from '../faces/store.js';
import { Place } from './place.js';
import { draftOfRecord, emptyDraft, today, unitOf } from './recording.js';
import { giveUpPhoto, shutter, strip } from './shots.js';

const MOST_KINDS = 5;
const DAYS_BACK = 62;
const HOUR = 3_600_000;

/** The kinds of record, remembered for when there is no network. */
export async function recordKinds() {
  const { data } = await recall('record-kinds', () => get('/records/kinds'));
  return data.items;
}

export function compoundsOf(unit) {
  return recall(`compounds:${unit.code}`, () => getAll('/compounds', { organisation: unit.code })).then(({ data }) => data, () => []);
}

export async function recordForm(app) {
  const asked = new URLSearchParams(location.search);
  const unit = unitOf(app.me);
  const [draft, kinds, compounds] = await Promise.all([draftOfRecord.read(app.me), recordKinds(), compoundsOf(unit)]);
  if (kinds.some(({ code }) => code === asked.get('kind')) && !draft.mending && !draft.corrects) Object.assign(draft, { kinds: [asked.get('kind')], ...(asked.get('compound') && { compound: asked.get('compound') }) });
  const form = new RecordForm(app, draft, kinds, compounds, unit);
  await form.show();
  form.place.start();
  return { title: draft.corrects ? '更正记录' : '记一条', tab: 'me', hasBack: true, body: form.body, leave: () => form.place.stop() };
}

class RecordForm {
  constructor(app, draft, kinds, compounds, unit) {
    Object.assign(this, { app, draft, kinds, compounds, unit, body: h('div', { class: 'page stack' }), fault: h('p', { class: 'fault', role: 'alert' }) });
    this.place = new Place(app.me);
  }

  keep(changes) {
    Object.assign(this.draft, changes);
    return draftOfRecord.keep(this.app.me, this.draft);
  }

  async update(changes) {
    await this.keep(changes);
    await this.show();
  }

  get chosen() {
    return this.kinds.filter(({ code }) => this.draft.kinds.includes(code));
  }

  needs(name) {
    return this.chosen.some((kind) => kind[name]);
  }

  async show() {
    const { draft } = this;
    fill(
      this.body,
      draft.mending && h('p', { class: 'note amber' }, icon('edit'), '修改这一条，点下面的按钮重新发出。'),
      draft.corrects && h('p', { class: 'note amber' }, icon('edit'), '更正以后，原来写的留着可查。'),
      this.firstKind(),
      draft.kinds.length > 0 && [
        this.input('subject', '做了什么，一句话', { maxlength: 120, autocomplete: 'off' }),
        this.input('happened_on', '哪天', { type: 'date', max: today(), min: daysBefore(DAYS_BACK) }),
        this.input('place', '在哪里（可不填）', { maxlength: 80, autocomplete: 'off' }),
        this.quantity(),
        await this.photos(),
        this.needs('needs_link') && this.links(),
        this.more(),
        this.fault,
        h('button', { type: 'button', class: 'button main wide', onclick: () => this.submit() }, icon('check'), draft.corrects ? '提交更正' : '记下'),
      ],
      h('button', { type: 'button', class: 'quiet red', onclick: () => this.discard() }, icon('trash'), draft.mending || draft.corrects ? '不改了' : '不记了'),
    );
  }

  firstKind() {
    const [first] = this.draft.kinds;
    const select = h('select', { id: 'kind', onchange: () => this.update({ kinds: [select.value, ...this.draft.kinds.slice(1).filter((code) => code !== select.value)].filter(Boolean) }) }, h('option', { value: '' }, '请选择'), this.kinds.map(({ code, name }) => h('option', { value: code, selected: code === first }, name)));
    return h('div', { class: 'field' }, h('label', { for: 'kind' }, '记什么'), select);
  }

  input(name, words, props) {
    const input = h('input', { id: name, ...props, value: this.draft[name], oninput: () => this.keep({ [name]: input.value }) });
    return h('div', { class: 'field' }, h('label', { for: name }, words), input);
  }

  quantity() {
    const name = this.chosen.map((kind) => kind.quantity_name).find(Boolean);
    return name && this.input('quantity', name, { type: 'number', inputmode: 'numeric', min: 0, max: 10_000_000 });
  }

  async photos() {
    const { photos, had } = this.draft;
    const remove = async (id) => {
      await giveUpPhoto(id);
      await this.update({ photos: photos.filter((one) => one !== id) });
    };
    const onshot = (entry) => this.update({ photos: [...this.draft.photos, entry.id] });
    const kept = had.map(({ id, thumb }, index) => h('li', null, h('img', { src: thumb, alt: `原有照片 ${index + 1}` }), h('button', { type: 'button', class: 'remove', onclick: () => this.update({ had: had.filter((one) => one.id !== id) }) }, icon('cross', `去掉原有照片 ${index + 1}`))));
    return h('div', { class: 'field' }, h('span', { class: 'label' }, this.needs('needs_photo') ? '照片（至少一张）' : '照片（可不拍）'), kept.length > 0 && h('ul', { class: 'strip' }, kept), await strip(photos, { onremove: remove }), h('div', { class: 'acts' }, shutter({ words: '拍照', place: this.place, className: 'button', onshot }), shutter({ words: '从相册选', place: this.place, className: 'button', album: true, onshot })));
  }

  links() {
    const area = h('textarea', { id: 'links', rows: 2, inputmode: 'url', autocomplete: 'off', oninput: () => this.keep({ links: area.value }) }, this.draft.links);
    return h('div', { class: 'field' }, h('label', { for: 'links' }, this.needs('needs_link') ? '网址（一行一个）' : '网址（可不填，一行一个）'), area);
  }

  more() {
    const { draft } = this;
    const note = h('textarea', { id: 'note', rows: 2, maxlength: 1000, oninput: () => this.keep({ note: note.value }) }, draft.note);
    const compound = this.compounds.length > 0 && h('select', { id: 'compound', onchange: () => this.keep({ compound: compound.value }) }, h('option', { value: '' }, '不是一个小区的事'), this.compounds.map(({ code, name }) => h('option', { value: code, selected: code === draft.compound }, name)));
    const also = this.kinds.filter(({ code }) => code !== draft.kinds[0]);
    const turn = (code, on) => this.update({ kinds: on ? [...draft.kinds, code].slice(0, MOST_KINDS) : draft.kinds.filter((one) => one !== code) });
    return h(
      'details',
      { class: 'more', open: Boolean(draft.note || draft.compound || draft.kinds.length > 1 || (draft.links && !this.needs('needs_link'))) },
      h('summary', null, '补充（可不填）'),
      h(
        'div',
        { class: 'stack' },
        compound && !draft.corrects && h('div', { class: 'field' }, h('label', { for: 'compound' }, '哪个小区'), compound),
        h('div', { class: 'field' }, h('label', { for: 'note' }, '说明'), note),
        !this.needs('needs_link') && this.links(),
        h('details', { class: 'more', open: draft.kinds.length > 1 }, h('summary', null, '同一件事还算别的'), h('ul', { class: 'card tight lines' }, also.map(({ code, name }) => h('li', null, h('label', { class: 'line' }, h('input', { type: 'checkbox', checked: draft.kinds.includes(code), onchange: ({ target }) => turn(code, target.checked) }), name))))),
      ),
    );
  }

  /** What is missing for the server to take it, in words. */
  lacking() {
    const { draft } = this;
    if (!draft.subject.trim()) return ['subject', '请写做了什么。'];
    if (!draft.happened_on) return ['happened_on', '请填哪天。'];
    if (this.needs('needs_photo') && !draft.photos.length && !draft.had.length) return [null, '请拍一张照片。'];
    if (this.needs('needs_link') && !linesOf(draft.links).length) return ['links', '请填网址。'];
    return null;
  }

  async submit() {
    const lacking = this.lacking();
    this.fault.textContent = lacking?.[1] ?? '';
    if (lacking) return void document.getElementById(lacking[0])?.focus();
    const entry = await this.keepEntry();
    await draftOfRecord.forget(this.app.me);
    this.draft = emptyDraft();
    const settled = await outbox.settled(entry.id, 6_000);
    await this.app.go(settled?.state === 'refused' ? 'outbox' : 'records', { instead: true });
    say({ sent: '已经记下。', refused: '没有收下，请看原因，可以修改。' }[settled?.state] ?? '已保存在手机里，有网后自动发出。');
  }

  async keepEntry() {
    const { draft, chosen, unit } = this;
    const first = draft.photos.length ? await entries.get(draft.photos[0]) : null;
    const what = {
      kind: 'record',
      path: draft.corrects ? `/records/${draft.corrects.id}/correct` : '/records',
      title: draft.subject.trim(),
      detail: chosen.map(({ name }) => name).join('、'),
      thumb: first?.thumb,
      needs: draft.photos,
      draft: { ...draft, mending: null },
      body: draft.corrects ? { ...saidIn(draft), version: draft.corrects.version } : { ...saidIn(draft), organisation: unit.code, ...(draft.compound && { compound: draft.compound }), occurred_at: new Date().toISOString() },
    };
    if (draft.mending && (await outbox.change(draft.mending, { ...what, hold: 0 }))) return entries.get(draft.mending);
    return outbox.add(what);
  }

  async discard() {
    const { mending, photos } = this.draft;
    if (mending) await outbox.change(mending, { hold: 0 });
    else for (const id of photos) await giveUpPhoto(id);
    await draftOfRecord.forget(this.app.me);
    this.app.back();
  }
}

function linesOf(text) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

function saidIn({ kinds, happened_on, subject, place, quantity, note, links, photos, had }) {
  return {
    kinds,
    happened_on,
    subject: subject.trim(),
    ...(place.trim() && { place: place.trim() }),
    ...(String(quantity) !== '' && { quantity: Number(quantity) }),
    ...(note.trim() && { note: note.trim() }),
    links: linesOf(links),
    photo_ids: [...had.map(({ id }) => id), ...photos.map((id) => `key:${id}`)],
  };
}

function daysBefore(days) {
  return new Date(Date.parse(`${today()}T00:00:00Z`) - days * 24 * HOUR).toISOString().slice(0, 10);
}

/** The draft that an entry was made of, to be changed and sent again. */
export function draftOfEntry(entry) {
  return { ...entry.draft, mending: entry.id };
}
