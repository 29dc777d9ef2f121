// A ticket in a few words, as all faces say it: how urgent, where, what its photos are.

import { now } from './api.js';
import { h } from './dom.js';
import { left } from './format.js';
import { icon } from './icons.js';

const LIGHTS = { red: 'warn', yellow: 'clock', green: 'check' };
const STEPS = { reported: '受理', rectified: '核查' };
const RUNNING = ['reported', 'dispatched', 'rectified', 'referred'];

export const ROLES = { before: '整改前', after: '整改后', process: '过程', check: '核查' };
export const VERDICTS = { needs_review: ['yellow', '照片有疑点'], contradicted: ['red', '照片与事实不符'] };

/** How urgent: words, icon and colour, in this order of weight. */
export function lightOf(ticket) {
  const due = { reported: ticket.filing_due_at, rectified: ticket.check_due_at }[ticket.state] ?? ticket.due_at;
  if (ticket.state === 'suspended') return badge('', 'stop', '挂账');
  if (!due || !RUNNING.includes(ticket.state)) return null;
  const colour = ticket.light ?? (Date.parse(due) < now() ? 'red' : '');
  return badge(colour, LIGHTS[colour] ?? 'clock', (STEPS[ticket.state] ?? '') + left(due, now()));
}

export function badge(colour, name, words) {
  return h('span', { class: `light ${colour}` }, icon(name), words);
}

/** What was concluded about a photo in its use; nothing when it is consistent. */
export function verdictOf(use) {
  const [colour, words] = VERDICTS[use.verdict] ?? [];
  return words && badge(colour, 'warn', words);
}

/** Where it is, as people say it. */
export function placeOf(ticket) {
  return [ticket.compound?.name ?? ticket.cell?.name ?? ticket.community?.name, ticket.area_label].filter(Boolean).join(' · ');
}
