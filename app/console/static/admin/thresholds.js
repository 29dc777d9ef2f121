// The thresholds of findings: those of today, the sets that a county wrote, and old photos judged anew.

import { get, send } from '../../faces/api.js';
import { h, say } from '../../faces/dom.js';
import { exact } from '../paper.js';
import { ask } from './asking.js';
import { directory } from './directory.js';
import { actButton, section, table } from './tables.js';

/** The work that was asked for on this page, while it is open. */
let job = null;

export function page(app, rest, again) {
  return { parts: () => all(app, again) };
}

async function all(app, again) {
  const [known, now] = await Promise.all([directory(app), get('/photo-thresholds')]);
  if (job) job = await get(`/jobs/${job.id}`).catch(() => null);
  const may = known.isCounty;
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '照片疑点的界限'), may && actButton('改界限', () => change(now, again), { name: 'edit', main: true })),
    h('p', { class: 'soft' }, `全县一样，照片按收到那天的界限判。今天的规则版本是 ${now.rule_version}。${may ? '改了从明天或以后起，以前的照片不变。' : '由县管理员改。'}`),
    table('今天的界限', ['界限', '今天', '系统自带', '可以改到'], now.figures.map(figureRow)),
    section('县里定过的', null, table('县里定过的', ['从哪天', '到哪天以前', '规则版本', '什么时候定的', '与系统自带的不同'], now.sets.map((set) => setRow(set, now.figures)).reverse(), '没有定过，一直用系统自带的。')),
    may && section('以前的照片', actButton('重新判断', () => rejudge(known, again), { name: 'redo' }), h('p', { class: 'soft' }, '改了界限，以前的照片和它们在工单里的用途不会自己变。可以按今天的界限重新判断：原来的结论和疑点都留着，已经作出的决定不变。'), job && underWay(again)),
  ];
}

function said(figure, value) {
  return `${value}${figure.unit.startsWith('（') ? '' : ' '}${figure.unit}`;
}

function figureRow(figure) {
  const isChanged = figure.value !== figure.shipped;
  const value = said(figure, figure.value);
  return [figure.label, isChanged ? h('strong', null, value) : value, said(figure, figure.shipped), `${figure.least} 到 ${said(figure, figure.most)}`];
}

function setRow(set, figures) {
  const changed = figures.filter(({ name, shipped }) => set.figures[name] !== undefined && set.figures[name] !== shipped);
  const lines = changed.map((figure) => h('p', null, `${figure.label}：${said(figure, set.figures[figure.name])}`));
  return [set.from_on, set.to_on ?? '—', set.rule_version, h('span', { class: 'instant' }, exact(set.made_at)), lines.length ? lines : '没有不同'];
}

/** Only what was changed is sent: the others stay as they are on that day. */
async function change(now, again) {
  const before = new Map(now.figures.map(({ name, value }) => [name, value]));
  const shape = ({ from_on: fromOn, ...filled }) => ({ from_on: fromOn, figures: Object.fromEntries(Object.entries(filled).filter(([name, value]) => value !== before.get(name))) });
  const fields = now.figures.map((figure) => ({ name: figure.name, words: `${figure.label}（${figure.unit}）`, kind: 'number', value: figure.value, hint: `${figure.least} 到 ${figure.most}` }));
  const done = await ask({
    title: '改照片疑点的界限',
    says: '从那天起收到的照片按新的判，以前的不变。定了以后不能删除，只能再定下一套。',
    fields: [{ name: 'from_on', words: '从哪天起', kind: 'day', optional: true, hint: '不填就是明天。' }, ...fields],
    words: '定下',
    method: 'PUT',
    path: '/photo-thresholds',
    shape,
    done: '已定下',
  });
  if (done) await again();
}

async function rejudge(known, again) {
  const done = await ask({
    title: '按今天的界限重新判断以前的照片？',
    says: '在后台做，照片多的要几个小时，系统照常使用。新的结论和规则版本另存一条，上记录链。',
    fields: [
      { name: 'town', words: '哪个镇', kind: 'choice', none: '全县', options: known.towns.map(({ code, name }) => [code, name]) },
      { name: 'from_on', words: '收到日期不早于', kind: 'day', optional: true },
      { name: 'to_on', words: '收到日期不晚于', kind: 'day', optional: true },
    ],
    words: '开始',
    path: '/photo-thresholds/rejudge',
    done: '已交给后台任务',
  });
  if (!done) return;
  job = done;
  await again();
}

function underWay(again) {
  const isOpen = ['waiting', 'running', 'cancelling'].includes(job.state);
  const cancel = () => send('POST', `/jobs/${job.id}/cancel`, {}).then(again, () => say('没有取消，请再点一次。'));
  return h('div', { class: 'card row wrap' }, h('p', { class: 'grow', role: 'status' }, `${job.state_label}，${job.progress}%。${job.progress_text}`), isOpen && actButton('现在做到哪了', again), isOpen && job.state !== 'cancelling' && actButton('取消', cancel, { danger: true }));
}
