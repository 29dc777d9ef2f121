// The office's work in the field: what is still missing, what was recorded, a short form, checklists.

import { NoAnswer, get, now, recall } from '../faces/api.js';
import { fill, h, picture } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { checklistPage, checklistsPage } from './checks.js';
import { oneRecord } from './record.js';
import { compoundsOf, recordForm, recordKinds } from './recordform.js';
import { unitOf } from './recording.js';

const LATEST = 20;
export const STANDINGS = { missed: ['red', 'warn'], open: ['yellow', 'clock'], met: ['green', 'check'], as_usual: ['', 'more'] };

/** By what follows /m/records. */
export function page(app, rest) {
  const [name, code] = rest.split('/');
  if (!unitOf(app.me)) return { title: '创建工作', tab: 'me', hasBack: true, body: h('p', { class: 'plain-message' }, '创建工作由社区（村）的人和创建办记录。') };
  if (name === 'new') return recordForm(app);
  if (name === 'checklists') return code ? checklistPage(app, code) : checklistsPage(app);
  return name ? oneRecord(app, name) : everything(app);
}

/** What a unit has to do and has recorded, remembered for when there is no network. */
export function standing(unit) {
  return recall(`records:${unit.code}`, async () => {
    const [progress, records, duties] = await Promise.all([get('/duties/progress', { organisation: unit.code }), get('/records', { organisation: unit.code, limit: LATEST }), get('/duties')]);
    return { duties: progress.items[0]?.duties ?? [], records: records.items, rules: duties.items };
  });
}

async function everything(app) {
  const unit = unitOf(app.me);
  const { data, at, old } = await standing(unit).catch((error) => {
    if (error instanceof NoAnswer) return { data: null };
    throw error;
  });
  const mine = h('div', { class: 'stack' });
  const body = h(
    'div',
    { class: 'page stack' },
    h('a', { class: 'button main wide', href: app.href('records/new') }, icon('plus'), '记一条'),
    h('a', { class: 'card line', href: app.href('records/checklists') }, icon('check'), h('span', { class: 'grow' }, '清单：该有的有没有'), icon('forward')),
    old && h('p', { class: 'note amber' }, icon('cloud'), `没有网络，这是 ${when(at, now())} 的情况；照样可以记，有网后自动发出。`),
    !data && h('p', { class: 'note amber' }, icon('cloud'), '没有网络，还看不到差哪些；照样可以记，有网后自动发出。'),
    mine,
    data && missingPart(app, data),
    data && latest(app, data.records),
  );
  const stop = outbox.listen((list) => showMine(mine, app, list));
  // The form asks for these; there may be no network by then.
  Promise.all([recordKinds(), compoundsOf(unit)]).catch(() => {});
  return { title: unit.name, tab: 'me', hasBack: true, body, leave: stop };
}

/** What was recorded here and has not been received. */
function showMine(node, app, list) {
  const mine = list.filter((entry) => ['record', 'check'].includes(entry.kind) && entry.state !== 'sent').reverse();
  const line = (entry) => h('li', null, h('a', { class: 'line', href: app.href('outbox') }, entry.thumb ? picture(entry.thumb, '') : icon('cloud'), h('span', { class: 'grow' }, entry.title, h('span', { class: 'small soft block' }, entry.detail)), h('span', { class: entry.state === 'refused' ? 'fault small' : 'small soft' }, entry.state === 'refused' ? '没有收下' : '待发')));
  fill(node, mine.length > 0 && h('section', { class: 'stack' }, h('h2', null, '还没有送到的'), h('ul', { class: 'card tight lines' }, mine.map(line))));
}

function missingPart(app, { duties, rules }) {
  const kinds = new Map(rules.map((rule) => [rule.code, rule.kinds]));
  const missing = duties.filter(({ standing: how }) => how === 'missed' || how === 'open').sort((a, b) => (a.period.due_on < b.period.due_on ? -1 : 1));
  if (!missing.length) return h('section', { class: 'row soft quiet-part' }, icon('check'), '现在没有差的。');
  return h('section', { class: 'stack' }, h('h2', null, `还差 ${missing.length} 项`), h('ul', { class: 'card tight lines' }, missing.map((one) => missingLine(app, one, kinds.get(one.duty.code) ?? []))));
}

function missingLine(app, one, kinds) {
  const [colour, name] = STANDINGS[one.standing];
  const parts = one.parts.filter(({ missing }) => missing).map((part) => `${part.name} ${part.missing}`);
  const words = h(
    'span',
    { class: 'grow' },
    h('strong', { class: 'block' }, one.duty.name, one.compound && ` · ${one.compound.name}`),
    h('span', { class: 'small soft block' }, [`${one.period.label} 完成 ${one.done} / ${one.quota}`, one.waiting > 0 && `待审核 ${one.waiting}`, parts.length > 0 && `其中差：${parts.join('、')}`].filter(Boolean).join('，')),
    h('span', { class: `light ${colour}` }, icon(name), `差 ${one.missing}，${dayOf(one.period.due_on)}止`),
  );
  if (!kinds.length) return h('li', { class: 'line' }, words);
  const query = new URLSearchParams({ kind: kinds[0], ...(one.compound && { compound: one.compound.code }) });
  return h('li', null, h('a', { class: 'line', href: app.href(`records/new?${query}`) }, words, icon('plus', '记一条')));
}

/** 3 月 31 日 */
function dayOf(day) {
  const [, month, date] = day.split('-').map(Number);
  return `${month} 月 ${date} 日`;
}

const STATES = { waiting: 'yellow', returned: 'red', recorded: 'green', accepted: 'green' };

function latest(app, records) {
  if (!records.length) return null;
  const line = (one) => {
    const [photo] = one.photos;
    return h('li', null, h('a', { class: 'line', href: app.href(`records/${one.id}`) }, photo && h('img', { class: 'thumb', src: photo.urls.thumb, alt: '', loading: 'lazy', onerror: ({ target }) => target.remove() }), h('span', { class: 'grow' }, h('strong', { class: 'block' }, one.subject), h('span', { class: 'small soft block' }, `${one.happened_on} · ${one.kinds.map(({ name }) => name).join('、')}`)), h('span', { class: `light ${STATES[one.state] ?? ''}` }, one.state_label)));
  };
  return h('section', { class: 'stack' }, h('h2', null, '最近的记录'), h('ul', { class: 'card tight lines' }, records.map(line)));
}
