// Posts: which role can be held where.

import { getAll } from '../../faces/api.js';
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

/** The fields of a post: the township where there are several, the role, and what can have it. */
export function postFields({ own, shared, towns, town, isCounty }, prefix = '') {
  let around = own;
  const possible = (role) => {
    const all = [...around, ...(isCounty ? [...towns, ...shared] : [])];
    return [...new Map(choices(all, HOMES[role] ?? []))];
  };
  const place = field({ name: `${prefix}organisation`, words: '在哪里', kind: 'choice', options: [], hint: '先选岗位，再选单位。' });
  const role = field({ name: `${prefix}role`, words: '岗位', kind: 'choice', options: Object.entries(ROLES).filter(([one]) => isCounty || possible(one).length), changed: refill });
  const chooser = towns.length > 1 && field({ name: 'town', unsent: true, words: '乡镇', kind: 'choice', options: choices(towns), value: town.code, changed: look, hint: '物业公司、执法机构和县里的岗位不分乡镇。' });

  function refill() {
    const found = possible(role.value());
    place.refill(found, found.length === 1 ? found[0][0] : undefined);
  }

  async function look(code) {
    if (!code) return;
    try {
      around = await getAll('/organisations', { organisation: code });
      refill();
    } catch {
      chooser.fault('没有读到这个乡镇的单位，请再选一次。');
    }
  }
  return [chooser, role, place].filter(Boolean);
}
