// Days as administration knows them: ISO dates of Asia/Shanghai; an end is the first day without.

import { now } from '../../faces/api.js';

const DAY_MS = 86_400_000;

export function today() {
  return new Date(now()).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

function dayBefore(day) {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

/** 2027-01-01 起; 2027-01-01 至 2027-02-28, both days included. */
export function span({ from_on: from, to_on: to }) {
  if (!to) return `${from} 起`;
  return to <= from ? '已取消' : `${from} 至 ${dayBefore(to)}`;
}

/** Whether what has these dates holds today, is still to come, or is over. */
export function stateOf({ from_on: from, to_on: to }) {
  if (to && (to <= today() || to <= from)) return 'over';
  return from > today() ? 'coming' : 'now';
}

/** What is said of something that is, or will be, out of use; nothing of what is in use. */
export function retiredWords(day) {
  if (!day) return null;
  return day <= today() ? `${day} 起已停用` : `${day} 起将停用`;
}
