// What the desk has for paper: full dates, and two pictures of its own.

import { drawn } from '../faces/icons.js';

const FULL = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });

/** 2026-11-03 10:00, which is still right when it is read next year. */
export function exact(instant) {
  return FULL.format(Date.parse(instant));
}

export const downIcon = () => drawn('M12 4v11M7 10.5l5 5 5-5M5 20h14');
export const printIcon = () => drawn('M7 8V4h10v4M7 17H4V9h16v8h-3M7 14h10v6H7z');
