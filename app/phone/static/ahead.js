// What a warden will need where there is no network: read once, remembered.

import { get, getAll, recall } from '../faces/api.js';
import { dictionary } from './categories.js';
import { cellsOf } from './cells.js';
import { communityOf, mayReport } from './roles.js';
import { weekOf } from './rounds.js';

/** Reads the dictionary, and the places and checkpoints of one's community. */
export async function readAhead(me) {
  const community = communityOf(me);
  const ignore = () => {};
  if (mayReport(me)) await dictionary().catch(ignore);
  if (!community) return;
  const organisation = community.code;
  await cellsOf(community).catch(ignore);
  await weekOf(community).catch(ignore);
  await readRecords(community).catch(ignore);
  const compounds = () => getAll('/compounds', { organisation });
  const { data = [] } = (await recall(`compounds:${organisation}`, compounds).catch(ignore)) ?? {};
  for (const { code } of data) {
    await recall(`compound:${code}`, () => get(`/compounds/${code}`)).catch(ignore);
  }
}

/** What is missing, the kinds of record and the checklists. */
async function readRecords(community) {
  const [{ standing }, { recordKinds }] = await Promise.all([import('./records.js'), import('./recordform.js')]);
  await Promise.all([standing(community), recordKinds()]);
}
