// The organisations of the county and of the township that is looked at; read once for a page.

import { get, getAll } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { today } from './days.js';

export const COMMUNITIES = ['community', 'resettlement_village', 'village'];
const SHARED = ['county', 'town', 'property_company', 'enforcement_body'];
const KEPT = 'gexun.admin.town';

let known;

/** After a change all is read again. */
export function forget() {
  known = undefined;
}

/** `{county, towns, town, shared, own, isCounty}`: what is the county's, and what the township's. */
export function directory(app) {
  known ??= read(app).catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function read(app) {
  const [counties, towns, ...rest] = await Promise.all(SHARED.map((type) => getAll('/organisations', { type })));
  const asked = new URLSearchParams(location.search).get('town') ?? sessionStorage.getItem(KEPT);
  const town = towns.find(({ code }) => code === asked) ?? towns.find((one) => inUse(one)) ?? towns[0] ?? null;
  if (town) sessionStorage.setItem(KEPT, town.code);
  const own = town ? await getAll('/organisations', { organisation: town.code }) : [];
  const [county = null] = counties;
  const isCounty = app.me.posts.some(({ role, organisation }) => role === 'administrator' && organisation.code === county?.code);
  return { county, towns, town, own, isCounty, shared: [...counties, ...rest.flat().filter((one) => !one.town)] };
}

/** One organisation as it is now. */
export function organisation(code) {
  return get(`/organisations/${encodeURIComponent(code)}`);
}

export function inUse({ retired_on: day }) {
  return !day || day > today();
}

/** Those in use of some types, as choices; a second list names them by code. */
export function choices(list, types) {
  return list.filter((one) => inUse(one) && (!types || types.includes(one.type))).map(({ code, name }) => [code, name]);
}

/** Which township is looked at; only where there are several. `narrows`: a list becomes its own. */
export function townChooser(app, { towns, town }, place, narrows = false) {
  if (towns.length < 2) return null;
  const select = h('select', { id: 'town', onchange: () => app.go(`${place}?town=${select.value}${narrows ? `&organisation=${select.value}` : ''}`) }, towns.map((one) => h('option', { value: one.code, selected: one.code === town.code }, `${one.name}${inUse(one) ? '' : '（已停用）'}`)));
  return h('div', { class: 'field' }, h('label', { for: 'town' }, '乡镇'), select);
}
