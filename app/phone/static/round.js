// One compound's round, checkpoint by checkpoint.

import { NoAnswer, get, now, recall } from '../faces/api.js';
import { fill, h, say } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { beginReport } from './report.js';
import { mayReport } from './roles.js';
import { allFine } from './rounds.js';

const GRACE_MS = 4_000;

export async function page(app, code) {
  const [{ data: compound }, seen] = await Promise.all([recall(`compound:${code}`, () => get(`/compounds/${code}`)), roundSoFar(code)]);
  const body = h('div', { class: 'page stack' });
  const stop = outbox.listen((list) => show(body, app, compound, seen, list));
  return { title: compound.name, tab: 'rounds', hasBack: true, body, leave: stop };
}

/** What is known of this week's round: the results by checkpoint. */
async function roundSoFar(code) {
  try {
    const { data } = await recall(`round:${code}`, async () => {
      const [coverage, rounds] = await Promise.all([get('/coverage', { limit: 1 }), get('/rounds', { compound: code, limit: 1 })]);
      return rounds.items.filter((round) => round.week === coverage.week);
    });
    return new Map((data[0]?.checks ?? []).map((check) => [check.checkpoint.id, check]));
  } catch (error) {
    if (error instanceof NoAnswer) return new Map();
    throw error;
  }
}

function show(body, app, compound, seen, list) {
  const told = new Map(seen);
  const mine = list.filter((entry) => entry.kind === 'round' && entry.compound === compound.code && entry.state !== 'refused');
  for (const entry of mine) for (const check of entry.body.checks ?? []) told.set(check.checkpoint, { ...check, entry });
  const whole = mine.some((entry) => entry.body.all_fine && entry.state === 'waiting');
  const open = compound.checkpoints.filter(({ id }) => !told.has(id));
  const walks = walksHere(app.me, compound);
  const asked = walks ? '正常的点“正常”，有问题的点“有问题”拍照上报。' : mayReport(app.me) ? '有问题的点“有问题”拍照上报；巡查由本社区的人做。' : '巡查和上报由社区的人做。';
  fill(
    body,
    h('p', { class: 'soft' }, open.length && !whole ? `还差 ${open.length} 个点位。${asked}` : '这个小区本周已经走到。'),
    h('ul', { class: 'stack' }, scannedFirst(compound.checkpoints).map((checkpoint) => line(app, compound, checkpoint, told.get(checkpoint.id)))),
    walks && open.length > 0 && !whole && h('button', { type: 'button', class: 'button main wide', onclick: () => allFine({ compound }) }, icon('check'), open.length < compound.checkpoints.length ? '其余全部正常' : '全部正常'),
  );
}

/** A code that was scanned leads here with its checkpoint behind the #. */
function scannedFirst(checkpoints) {
  const scanned = location.hash.slice(1);
  return [...checkpoints].sort((one, other) => (other.id === scanned) - (one.id === scanned));
}

/** Others come here by a code on a wall. */
function walksHere(me, { organisation }) {
  return me.posts.some((post) => ['warden', 'lead'].includes(post.role) && post.organisation.code === organisation.code);
}

function line(app, compound, checkpoint, check) {
  const problem = () => beginReport(app, { chosen: { compound: { code: compound.code, name: compound.name } }, checkpoint: { id: checkpoint.id, name: checkpoint.name, compound: compound.code, compoundName: compound.name } });
  return h(
    'li',
    { class: 'card checkpoint' },
    h('div', { class: 'row' }, check && h('span', { class: `mark ${check.result === 'fine' ? 'good' : 'bad'}` }, icon(check.result === 'fine' ? 'check' : 'warn')), h('div', { class: 'grow' }, h('h3', null, checkpoint.name), h('p', { class: 'small soft' }, [!checkpoint.name.startsWith(checkpoint.area_label) && checkpoint.area_label, standing(check)].filter(Boolean).join(' · ')))),
    mayReport(app.me) && h(
      'div',
      { class: 'acts even' },
      walksHere(app.me, compound) && h('button', { type: 'button', class: 'button', 'aria-pressed': String(check?.result === 'fine'), onclick: () => fine(compound, checkpoint) }, icon('check'), '正常'),
      h('button', { type: 'button', class: 'button', 'aria-pressed': String(check?.result === 'problem'), onclick: problem }, icon('camera'), '有问题'),
    ),
  );
}

function standing(check) {
  if (!check) return '';
  const words = check.result === 'fine' ? '正常' : '有问题，已上报';
  if (check.entry) return check.entry.state === 'waiting' ? `${words}，正在发` : words;
  return `${words}，${when(check.at, now())}`;
}

async function fine(compound, checkpoint) {
  await outbox.add({
    kind: 'round',
    path: '/rounds',
    title: `巡查 ${checkpoint.name}：正常`,
    detail: compound.name,
    compound: compound.code,
    hold: GRACE_MS,
    body: { compound: compound.code, checks: [{ checkpoint: checkpoint.id, result: 'fine' }], occurred_at: new Date().toISOString() },
  });
  say(`${checkpoint.name}：正常`);
}
