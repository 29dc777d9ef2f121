// Where the warden stands: found by itself, shown, and put right with one tap.

import { NoAnswer, get, getAll, recall } from '../faces/api.js';
import { fill, h, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { communityOf } from './roles.js';

const MOVED_M = 15;
const WORDS = {
  asking: '正在定位……',
  denied: '没有定位权限，请点这里选地点',
  none: '这里不能自动定位，请点这里选地点',
  outside: '不在网格内，请点这里选小区',
  unknown: '已定位，连上网后自动认出网格',
};

/** Follows the phone's position; `chosen` by hand goes before what is found. */
export class Place {
  constructor(me, { chosen = null, onchange = () => {} } = {}) {
    Object.assign(this, { me, chosen, onchange, fix: null, found: null, state: 'asking' });
  }

  start() {
    // Browsers give a position on https only.
    if (!isSecureContext || !navigator.geolocation) return this.now('none');
    const options = { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 };
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.took(position),
      (error) => this.fix || this.now(error.code === 1 ? 'denied' : 'none'),
      options,
    );
  }

  stop() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
  }

  now(state) {
    this.state = state;
    this.onchange();
  }

  async took({ coords, timestamp }) {
    const fix = { lng: coords.longitude, lat: coords.latitude, accuracy_m: Math.round(coords.accuracy), fixed_at: new Date(timestamp).toISOString() };
    const better = !this.fix || fix.accuracy_m < this.fix.accuracy_m / 2 || metres(fix, this.fix) > MOVED_M;
    this.fix = better ? fix : { ...this.fix, fixed_at: fix.fixed_at };
    if (better) await this.locate();
  }

  async locate() {
    const { lng, lat, accuracy_m } = this.fix;
    try {
      this.found = await get('/cells/locate', { lng, lat, accuracy_m });
      this.now(this.found.cell || this.found.compounds.length ? 'found' : 'outside');
    } catch (error) {
      if (!(error instanceof NoAnswer)) return this.now('unknown');
      const { cellHolding, cellsOf } = await import('./cells.js');
      const near = await cellsOf(communityOf(this.me)).catch(() => []);
      const cell = cellHolding(near, this.fix)?.properties;
      this.found = cell ? { cell, compounds: [], candidates: [] } : null;
      this.now(cell ? 'found' : 'unknown');
    }
  }

  get compound() {
    return this.chosen ? this.chosen.compound : (this.found?.compounds[0] ?? null);
  }

  get cell() {
    return this.chosen ? this.chosen.cell : (this.found?.cell ?? null);
  }

  /** Whether a report can be placed by what is known; a fix alone is enough for the server. */
  get known() {
    return Boolean(this.chosen || (this.fix && this.state !== 'outside'));
  }

  get name() {
    return this.compound?.name ?? this.cell?.name ?? WORDS[this.state] ?? '';
  }

  choose(chosen) {
    this.chosen = chosen;
    this.onchange();
  }

  /** What a report says of its place. */
  said() {
    const { lng, lat, accuracy_m } = this.fix ?? {};
    return {
      ...(this.chosen?.compound && { compound: this.chosen.compound.code }),
      ...(this.chosen?.cell && { cell: this.chosen.cell.code }),
      ...(this.fix && { position: { lng, lat, datum: 'wgs84', accuracy_m } }),
    };
  }
}

function metres(a, b) {
  const x = (a.lng - b.lng) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(x, a.lat - b.lat) * 111_320;
}

/** The line that shows the place and opens the choice. */
export function placeLine(place) {
  const words = h('span', { class: 'grow' });
  const line = h('button', { type: 'button', class: 'place', onclick: () => pickPlace(place) }, icon('pin'), words, h('span', { class: 'change' }, '改'));
  const others = h('div', { class: 'others' });
  const whole = h('div', { class: 'stack' }, line, others);
  whole.update = () => {
    const sub = place.compound && place.cell ? place.cell.name : accuracyOf(place);
    fill(words, h('strong', null, place.name), sub && h('span', { class: 'small soft' }, sub));
    line.classList.toggle('missing', !place.known && place.state !== 'asking');
    fill(others, rivals(place).map((one) => h('button', { type: 'button', class: 'button', onclick: () => place.choose(one.chosen) }, one.name)));
  };
  whole.update();
  return whole;
}

function accuracyOf(place) {
  if (place.chosen || place.state !== 'found' || !place.fix) return '';
  return `定位误差约 ${place.fix.accuracy_m} 米`;
}

/** Near a boundary, or where compounds overlap, the phone cannot know. */
function rivals({ chosen, found }) {
  if (chosen || !found) return [];
  if (found.compounds.length > 1) return found.compounds.map((compound) => ({ name: compound.name, chosen: { compound } }));
  if (found.match !== 'ambiguous' || found.compounds.length) return [];
  return [found.cell, ...found.candidates].filter(Boolean).slice(0, 3).map((cell) => ({ name: cell.name, chosen: { cell } }));
}

/** Lets somebody choose a compound, or a cell on the map. */
export async function pickPlace(place) {
  const community = communityOf(place.me);
  const chosen = await sheet('选地点', (close) => {
    const compounds = h('div', { class: 'choices' }, h('p', { class: 'soft' }, '正在读取小区……'));
    const map = h('div', { class: 'stack' });
    const everywhere = h('button', { type: 'button', class: 'quiet', onclick: () => show(null) }, '不在本社区');
    async function show(organisation) {
      everywhere.hidden = organisation === null;
      await Promise.all([showCompounds(compounds, organisation, place, close), showCells(map, organisation, place, close)]);
    }
    show(community);
    const itself = place.fix && place.chosen && h('button', { type: 'button', class: 'button', onclick: () => close({ itself: true }) }, icon('pin'), '用自动定位的地点');
    return h('div', { class: 'stack' }, itself, compounds, map, community && everywhere);
  });
  if (chosen) place.choose(chosen.itself ? null : chosen);
}

async function showCompounds(into, organisation, place, close) {
  const read = () => getAll('/compounds', organisation && { organisation: organisation.code });
  try {
    const { data } = await recall(`compounds:${organisation?.code ?? ''}`, read);
    fill(into, data.map(({ code, name }) => {
      const pressed = String(place.compound?.code === code);
      return h('button', { type: 'button', class: 'button', 'aria-pressed': pressed, onclick: () => close({ compound: { code, name } }) }, name);
    }));
  } catch {
    fill(into, h('p', { class: 'soft' }, '连上网以后才能选小区。'));
  }
}

async function showCells(into, organisation, place, close) {
  try {
    const { cellMap, cellsOf } = await import('./cells.js');
    const features = await cellsOf(organisation);
    if (!features.length) return;
    const map = cellMap(features, { chosen: place.cell?.code, fix: place.fix, onpick: ({ code, name }) => close({ cell: { code, name } }) });
    fill(into, h('h3', null, '不在小区里的，点所在的网格'), map);
  } catch {
    fill(into);
  }
}
