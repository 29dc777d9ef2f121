// The outbox as people see it: what waits, what was refused and why, and what has gone.

import { NoAnswer } from '../faces/api.js';
import { fill, h, picture, say, sure } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { entries } from '../faces/store.js';
import { beginReport, draftOf } from './report.js';
import { draftOfEntry } from './recordform.js';
import { beginRecord } from './recording.js';
import { discard } from './sent.js';

export async function page(app) {
  const body = h('div', { class: 'page stack' });
  const foreign = (await outbox.others()).filter((entry) => entry.kind !== 'photo');
  const stop = outbox.listen((list, how) => show(body, app, list, how, foreign));
  return { title: '待发箱', tab: 'me', hasBack: true, body, leave: stop };
}

function show(body, app, list, { silent }, foreign) {
  const waiting = outbox.countable(list);
  const loose = list.filter((entry) => entry.kind === 'photo' && entry.state === 'refused' && !list.some((other) => other.needs.includes(entry.id)));
  const sent = list.filter((entry) => entry.state === 'sent' && entry.kind !== 'photo').reverse().slice(0, 10);
  fill(
    body,
    waiting.length > 0 && h('section', { class: 'card stack' }, h('h2', null, `${waiting.length} 条待发`), h('p', { class: 'soft' }, silent ? '现在连不上，有网以后自动发出；内容都在手机里，关机也不会丢。' : '正在发。关掉页面、关机都不会丢。'), h('button', { type: 'button', class: 'button main wide', onclick: retry }, icon('redo'), '现在重试')),
    foreign.length > 0 && h('p', { class: 'note amber' }, icon('person'), `另有 ${foreign.length} 条是 ${[...new Set(foreign.map((entry) => entry.personName))].join('、')} 的，本人登录后再发。`),
    h('ul', { class: 'stack' }, [...waiting, ...loose].map((entry) => line(app, entry, list))),
    !waiting.length && !loose.length && h('p', { class: 'plain-message' }, icon('check'), '没有待发的，都已经送到。'),
    sent.length > 0 && h('section', { class: 'stack' }, h('h2', null, '已经送到'), h('ul', { class: 'card tight lines' }, sent.map((entry) => sentLine(app, entry)))),
  );
}

async function retry() {
  try {
    await outbox.flush({ atOnce: true });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  say(outbox.countable(await outbox.mine()).length ? '还没有发完，会继续自动重试。' : '都已送到。');
}

function line(app, entry, list) {
  const photos = list.filter((other) => entry.needs.includes(other.id) && other.kind === 'photo');
  const bad = photos.find((photo) => photo.state === 'refused');
  const problem = entry.problem ?? bad?.problem;
  const gone = photos.filter((photo) => photo.state === 'sent').length;
  return h(
    'li',
    { class: 'card stack' },
    h('div', { class: 'row' }, entry.thumb && picture(entry.thumb, ''), h('div', { class: 'grow' }, h('h3', null, entry.title), h('p', { class: 'soft small' }, [entry.detail, when(entry.at)].filter(Boolean).join(' · ')), photos.length > 0 && h('p', { class: 'small soft' }, `照片 ${photos.length} 张，已送到 ${gone} 张`))),
    problem && h('p', { class: 'note red' }, icon('warn'), h('span', null, `没有收下：${problem.title}。${problem.detail ?? ''}`)),
    h('div', { class: 'acts' }, mending(app, entry, problem), h('button', { type: 'button', class: 'button danger', onclick: () => giveUp(entry) }, icon('trash'), '删除')),
  );
}

/** How a refused entry is put right: by the problem's code. */
function mending(app, entry, problem) {
  const tooOld = problem?.code === 'bad_occurred_at';
  const again = h('button', { type: 'button', class: 'button', onclick: () => (tooOld ? outbox.sayItIsSoNow(entry) : tryAgain(entry)) }, icon('redo'), tooOld ? '按现在的时间发' : '再试一次');
  if (entry.kind === 'report') return h('button', { type: 'button', class: 'button', onclick: () => mendReport(app, entry) }, icon('edit'), '修改');
  if (entry.kind === 'record') return h('button', { type: 'button', class: 'button', onclick: () => mendRecord(app, entry) }, icon('edit'), '修改');
  if (!problem) return null;
  if (entry.ticket) return [h('a', { class: 'button', href: app.href(`tickets/${entry.ticket}`) }, icon('ticket'), '看工单'), again];
  return again;
}

/** The entry, and the photos of it that were refused. */
async function tryAgain(entry) {
  for (const id of [...entry.needs, entry.id]) {
    if ((await entries.get(id))?.state === 'refused') await outbox.change(id, {});
  }
}

async function mendReport(app, entry) {
  const hour = 3_600_000;
  if (!(await outbox.change(entry.id, { hold: Date.now() + hour }))) return say('已经发出，不能再改。');
  const held = await entries.get(entry.id);
  await beginReport(app, draftOf(held));
}

async function mendRecord(app, entry) {
  const hour = 3_600_000;
  if (!(await outbox.change(entry.id, { hold: Date.now() + hour }))) return say('已经发出，不能再改。');
  await beginRecord(app, draftOfEntry(await entries.get(entry.id)));
}

async function giveUp(entry) {
  if (!(await sure('删除这一条？', '删除', '删除后不会再发，也找不回来。'))) return;
  if (!(await discard(entry))) say('正在发，请稍后再看。');
}

function sentLine(app, entry) {
  const inside = [h('span', { class: 'mark good' }, icon('check')), h('span', { class: 'grow' }, entry.title, h('span', { class: 'small soft' }, ` ${[entry.detail, when(entry.sentAt)].filter(Boolean).join(' · ')}`))];
  const ticket = entry.ticket ?? (entry.kind === 'report' && entry.answer?.id);
  return h('li', null, ticket ? h('a', { class: 'line', href: app.href(`tickets/${ticket}`) }, inside) : h('div', { class: 'line' }, inside));
}
