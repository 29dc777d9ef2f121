// Times as people say them, always those of Asia/Shanghai.

const ZONE = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' };
const DAY = new Intl.DateTimeFormat('sv-SE', { ...ZONE, dateStyle: 'short' });
const CLOCK = new Intl.DateTimeFormat('zh-CN', { ...ZONE, hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat('zh-CN', { ...ZONE, month: 'long', day: 'numeric' });
const WEEKDAY = new Intl.DateTimeFormat('zh-CN', { ...ZONE, weekday: 'short' });
const DAY_MS = 86_400_000;

/** 今天 14:30, 昨天 09:05, 周三 10:00 within this week's days, else 11月3日 10:00. */
export function when(instant, now = Date.now()) {
  const at = typeof instant === 'number' ? instant : Date.parse(instant);
  const days = dayNumber(now) - dayNumber(at);
  const named = { '-1': '明天', 0: '今天', 1: '昨天' }[days];
  const day = named ?? (Math.abs(days) < 6 ? WEEKDAY.format(at) : DATE.format(at));
  return `${day} ${CLOCK.format(at)}`;
}

function dayNumber(at) {
  return Math.round(Date.parse(`${DAY.format(at)}T00:00:00Z`) / DAY_MS);
}

/** 3 天, 5 小时, 20 分钟: the largest part only. */
export function span(ms) {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  if (minutes < 60) return `${minutes} 分钟`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} 小时`;
  return `${Math.round(minutes / 1440)} 天`;
}

/** What is left of a limit: 还剩 3 小时, 超期 2 天. */
export function left(due, now = Date.now()) {
  const ms = Date.parse(due) - now;
  return ms < 0 ? `超期 ${span(ms)}` : `还剩 ${span(ms)}`;
}

/** 14:30 */
export function clock(at) {
  return CLOCK.format(at);
}
