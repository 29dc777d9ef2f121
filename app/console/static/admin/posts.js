// Posts: which role can be held where.

import { COMMUNITIES, choices } from './directory.js';
import { field } from './fields.js';
import { ROLES } from './words.js';

/** The types of organisation at which each role can be held. */
const HOMES = {
  warden: COMMUNITIES,
  lead: COMMUNITIES,
  property_staff: ['property_company'],
  supervisor: ['town', 'management_group'],
  enforcement_staff: ['enforcement_body'],
  administrator: ['county', 'town'],
};

/** The two fields of a post; the organisations are those of the role that is chosen. */
export function postFields({ own, shared, towns, isCounty }, { organisation } = {}, prefix = '') {
  const everywhere = [...new Map([...own, ...(isCounty ? [...shared, ...towns] : [])].map((one) => [one.code, one])).values()];
  const at = (role) => choices(everywhere, HOMES[role] ?? []);
  const possible = Object.entries(ROLES).filter(([role]) => at(role).length);
  const place = field({ name: `${prefix}organisation`, words: '在哪里', kind: 'choice', options: [], value: organisation, hint: '先选岗位，再选单位。' });
  const role = field({ name: `${prefix}role`, words: '岗位', kind: 'choice', options: possible, value: '', changed: (chosen) => place.refill(at(chosen), at(chosen).length === 1 ? at(chosen)[0][0] : organisation) });
  return [role, place];
}
