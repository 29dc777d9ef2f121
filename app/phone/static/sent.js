// What became of something just done: waiting, sent, refused; and the way to take it back.

import { now } from '../faces/api.js';
import { fill, h, picture, say, sure } from '../faces/dom.js';
import { clock, left } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { entries } from '../faces/store.js';
import { giveUpPhoto } from './shots.js';

const WITHDRAW_MS = 600_000;

/** A report as it stands in the outbox; it follows the entry until it leaves the page. */
export function sentPanel(app, entry, { small = false, onmend } = {}) {
  const panel = h('section', { class: `card sent stack${small ? ' small-card' : ''}` });
  const show = (one) => fill(panel, head(one, small), h('div', { class: 'acts' }, acts(app, one, onmend)));
  show(entry);
  const stop = outbox.listen((list) => {
    const one = list.find(({ id }) => id === entry.id);
    if (!panel.isConnected && panel.wasShown) return stop();
    panel.wasShown ||= panel.isConnected;
    if (one) show(one);
  });
  return panel;
}

function head(entry, small) {
  const [mark, words] = standing(entry);
  return h(
    'div',
    { class: 'row' },
    small && entry.thumb ? picture(entry.thumb, '') : h('span', { class: `mark ${mark}` }, icon({ good: 'check', wait: 'cloud', bad: 'warn', gone: 'undo' }[mark])),
    h('div', { class: 'grow' }, h(small ? 'h3' : 'h2', null, words), h('p', { class: 'soft' }, [entry.title, entry.detail].filter(Boolean).join(' · ')), fate(entry)),
  );
}

function standing(entry) {
  if (entry.withdrawn) return ['gone', '已撤回'];
  if (entry.state === 'sent') return ['good', '已上报'];
  if (entry.state === 'refused') return ['bad', '没有收下'];
  return ['wait', navigator.onLine ? '已记下，正在发' : '已记下，有网后自动发'];
}

function fate(entry) {
  if (entry.state === 'refused') return h('p', { class: 'fault' }, `${entry.problem.title}。${entry.problem.detail ?? ''}`);
  const { number, responsible, due_at: due } = entry.answer ?? {};
  if (!number || entry.withdrawn) return h('p', { class: 'small soft' }, `${clock(entry.at)} 保存在手机里`);
  const whose = responsible ? `交给 ${responsible.name}` : '由社区受理';
  return h('p', { class: 'small soft' }, [whose, due && left(due, now())].filter(Boolean).join('，'));
}

function acts(app, entry, onmend) {
  if (entry.withdrawn) return [];
  const sent = entry.state === 'sent';
  const mendable = !sent && onmend;
  const young = Date.now() - entry.at < WITHDRAW_MS;
  return [
    sent && entry.answer?.id && h('a', { class: 'button', href: app.href(`tickets/${entry.answer.id}`) }, '看工单'),
    mendable && h('button', { type: 'button', class: 'button', onclick: () => mend(entry, onmend) }, icon('edit'), '修改'),
    (!sent || young) && h('button', { type: 'button', class: 'button danger', onclick: () => withdraw(entry) }, icon('undo'), '撤回'),
  ];
}

/** Holds an entry back while it is changed; one that has just gone cannot be. */
async function mend(entry, onmend) {
  if (await outbox.change(entry.id, { hold: Date.now() + WITHDRAW_MS })) onmend(await entries.get(entry.id));
  else say('已经发出，不能再改；可以撤回重报。');
}

/** Takes a report back: from the outbox while it is there, from the server within ten minutes. */
export async function withdraw(entry) {
  if (!(await sure('撤回这条上报？', '撤回'))) return;
  if (await discard(entry)) return say('已撤回，没有发出。');
  const sent = await outbox.settled(entry.id);
  if (sent?.state !== 'sent') return say('没有撤回，请再试一次。');
  const { id, version } = sent.answer;
  const asked = await outbox.add({ kind: 'action', path: `/tickets/${id}/withdraw`, title: '撤回上报', detail: sent.title, ticket: id, body: { version, occurred_at: new Date().toISOString() } });
  await entries.put({ ...(await entries.get(entry.id)), withdrawn: true });
  const settled = await outbox.settled(asked.id);
  if (settled?.state === 'refused') {
    await entries.put({ ...(await entries.get(entry.id)), withdrawn: false });
    await outbox.drop(asked.id);
    say(settled.problem.detail || settled.problem.title);
  } else say('已撤回。');
}

/** Drops an entry that has not gone, with its photos and with what names it. */
export async function discard(entry) {
  if (!(await outbox.drop(entry.id))) return false;
  for (const other of await outbox.mine()) {
    if (other.needs.includes(entry.id)) await outbox.drop(other.id);
  }
  for (const id of entry.needs) {
    const needed = await entries.get(id);
    if (needed?.kind === 'photo') await giveUpPhoto(id);
  }
  return true;
}
