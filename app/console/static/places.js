// The places, companies and kinds of problem that lists are narrowed by; read once.

import { get, getAll } from '../faces/api.js';

let known;

/** `{communities, compounds, companies, categories}`, each with code and name. */
export function surroundings() {
  known ??= read().catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function read() {
  const [compounds, { items: categories }] = await Promise.all([getAll('/compounds'), get('/categories')]);
  const all = (pick) => [...new Map(compounds.map(pick).filter(Boolean).map((one) => [one.code, one])).values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  return { compounds, categories, communities: all((one) => one.organisation), companies: all((one) => one.company) };
}

const cells = new Map();

/** The cells of a community with their outlines. */
export function cellsOf(code) {
  if (!cells.has(code)) cells.set(code, get('/cells.geojson', code && { organisation: code }).then(({ features }) => features, () => (cells.delete(code), [])));
  return cells.get(code);
}
