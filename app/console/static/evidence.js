// What is seen: before beside after, what was noticed about each photo, pictures alike.

import { get } from '../faces/api.js';
import { fill, h, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { ROLES, verdictOf } from '../faces/tickets.js';
import { lastAfter } from './deciding.js';
import { lastOf } from './lists.js';
import { maskButton } from './masking/sheet.js';
import { exact } from './paper.js';
import { framesOn, framesSwitch, retouchedOf } from './patches.js';

const MARKS = { contradicts: ['cross', '不符'], unknown: ['more', '不能判断'], supports: ['check', '相符'] };

/** What cannot be told by itself, and yet somebody should look at it. */
const WORTH_A_LOOK = ['scene_unchanged', 'source_album', 'position_outside_cells'];
const MOST_SIMILAR = 2;

/** The photo shown first on either side: the first before, or else of the repair before; the
 * newest after. One that was painted over, and what it was made of, go first. */
export function facing(ticket) {
  const newest = lastAfter(ticket);
  const earlier = lastOf(ticket.photos, (use) => use.role === 'after' && !newest.includes(use));
  const painted = newest.find((use) => retouchedOf(use).length > 0);
  const made = retouchedOf(painted)[0]?.photo_id;
  const befores = ticket.photos.filter((use) => use.role === 'before');
  const before = befores.find((use) => use.photo.id === made) ?? befores[0] ?? earlier;
  return [before, painted ?? newest[0] ?? lastOf(ticket.photos, (use) => use.role === 'check')];
}

/** What a photo shows; after-photos of a repair that was not the last are told apart. */
function wordsOf(use, ticket) {
  return use.role === 'after' && !lastAfter(ticket).includes(use) ? '上一次整改后' : ROLES[use.role];
}

/** The photos side by side, the others below; a click puts one of these in its place. */
export function photoPair(ticket) {
  const shown = facing(ticket);
  const whole = h('section', { class: 'photos', 'aria-label': '照片' });
  const show = () => {
    const rest = ticket.photos.filter((use) => !shown.includes(use));
    const put = (use) => {
      shown[use.role === 'before' ? 0 : 1] = use;
      show();
    };
    whole.frames = framesSwitch(whole, shown);
    fill(whole, h('div', { class: 'pair' }, figure(ticket, shown, 0, '没有整改前照片'), figure(ticket, shown, 1, '还没有整改后照片')), whole.frames, rest.length > 0 && h('ul', { class: 'rest' }, rest.map((use) => h('li', null, restButton(ticket, use, put)))));
  };
  whole.enlarge = () => enlarge(shown.filter(Boolean), shown);
  show();
  return whole;
}

function figure(ticket, shown, side, none) {
  const use = shown[side];
  if (!use) return h('figure', { class: 'empty' }, icon('image'), h('figcaption', null, none));
  const { photo } = use;
  const words = wordsOf(use, ticket);
  const image = h('img', { src: photo.urls.display, alt: `${words}照片，点开放大`, width: photo.width, height: photo.height });
  // Who may see the received file may cover what others are shown.
  const canMask = photo.urls.received && !photo.purged_at;
  return h(
    'figure',
    { class: use.role },
    h('button', { type: 'button', class: 'framed', onclick: () => enlarge([use], shown) }, image, framesOn(use, shown)),
    h('figcaption', null, h('strong', null, words), verdictOf(use), h('span', { class: 'soft small' }, takenAt(photo)), canMask && maskButton(photo, image)),
  );
}

/** When it was taken, by the phone or by EXIF; else when it came. */
export function takenAt({ taken_at: taken, received_at: received }) {
  const at = taken.device ?? taken.exif;
  return at ? `${exact(at)} 拍摄` : `${exact(received)} 收到，没有拍摄时间`;
}

function restButton(ticket, use, put) {
  const words = wordsOf(use, ticket);
  return h('button', { type: 'button', onclick: () => put(use) }, h('img', { src: use.photo.urls.thumb, alt: `换成这张${words}照片`, width: 72, height: 72 }), h('span', { class: 'small' }, words, use.verdict !== 'consistent' && '（有疑点）'));
}

/** As large as the screen; `shown` are the two that faced each other. */
export function enlarge(uses, shown = []) {
  const figures = uses.map((use) => h('figure', null, h('div', { class: 'framed' }, h('img', { src: use.photo.urls.display, alt: `${ROLES[use.role] ?? '相似的'}照片` }), framesOn(use, shown)), h('figcaption', null, ROLES[use.role] ?? '相似的照片', ' · ', takenAt(use.photo))));
  const whole = h('div', { class: 'enlarged' }, figures);
  const turn = framesSwitch(whole, shown);
  const closed = sheet('放大', () => h('div', { class: 'stack tight' }, turn, whole));
  document.querySelector('dialog[open]').classList.add('full');
  return closed;
}

/** What was noticed, in plain words: what does not fit first, what fits folded away. */
export function findingsOf(ticket) {
  const found = ticket.photos.flatMap((use) => [...use.findings, ...use.photo.findings].map((finding) => ({ ...finding, use })));
  const told = new Map(found.map((one) => [`${one.use.photo.id} ${one.message}`, one]));
  const of = (direction) => [...told.values()].filter((one) => one.direction === direction);
  const [bad, unknown, good] = [of('contradicts'), of('unknown'), of('supports')];
  const similar = unknown.filter((one) => one.photo_id);
  const unsure = [...unknown.filter((one) => WORTH_A_LOOK.includes(one.code)), ...similar.slice(0, MOST_SIMILAR)];
  const more = similar.slice(MOST_SIMILAR);
  const rest = unknown.filter((one) => !unsure.includes(one) && !more.includes(one));
  const lines = (list) => h('ul', { class: 'findings' }, list.map(findingLine));
  return h(
    'section',
    { class: 'stack tight', 'aria-label': '系统注意到的' },
    h('h2', null, '系统注意到的'),
    !bad.length && !unsure.length && h('p', { class: 'soft' }, good.length ? '没有疑点。' : '没有可以比对的。'),
    (bad.length > 0 || unsure.length > 0) && lines([...bad, ...unsure]),
    more.length > 0 && h('details', null, h('summary', null, `另有 ${more.length} 张画面相似`), lines(more)),
    rest.length > 0 && h('details', null, h('summary', null, `不能判断的 ${rest.length} 项`), lines(rest)),
    good.length > 0 && h('details', null, h('summary', null, `相符的 ${good.length} 项`), lines(good)),
  );
}

function findingLine(finding) {
  const [name, words] = MARKS[finding.direction];
  return h('li', { class: finding.direction }, icon(name, words), h('div', { class: 'grow' }, h('p', null, h('span', { class: 'whose' }, ROLES[finding.use.role]), finding.message), finding.photo_id && alike(finding.photo_id)));
}

/** The other photo, and where it was taken. */
function alike(id) {
  const place = h('div', { class: 'alike' });
  get(`/photos/${id}`).then((photo) => {
    const where = photo.cell?.name ?? '不知道在哪里';
    fill(place, h('button', { type: 'button', onclick: () => enlarge([{ role: 'alike', photo }]) }, h('img', { src: photo.urls.thumb, alt: '相似的那张，点开放大', width: 72, height: 72 })), h('p', { class: 'small' }, `那张：${where}，${takenAt(photo)}`));
  }, () => fill(place, h('p', { class: 'small soft' }, '那张照片现在打不开。')));
  return place;
}
