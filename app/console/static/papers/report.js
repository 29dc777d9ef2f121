// One document: how far its making is, what it says, its typical cases, and its way to being issued.

import { PREFIX, get, send } from '../../faces/api.js';
import { fill, h, say } from '../../faces/dom.js';
import { newId } from '../../faces/ids.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { actButton, facts, mark, rowButton, section } from '../admin/tables.js';
import { downIcon, exact } from '../paper.js';
import { chooseCases } from './cases.js';
import { STATES } from './reports.js';

const UNDER_WAY = ['waiting', 'running', 'cancelling'];
const A_WHILE = 1_500;
const NAMES = { reported: '上报', rectified: '整改', closed: '结案', overdue: '超期', coverage: '巡查覆盖', categories: '问题类别', cases: '典型案例', next_steps: '下步要求' };
const SECTIONS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一'];

export async function oneReport(app, id, again) {
  const path = `/reports/${encodeURIComponent(id)}`;
  const about = { app, path, again, timer: 0, isLeft: false };
  const { kind_label: kind, organisation } = await get(path);
  const leave = () => {
    about.isLeft = true;
    clearTimeout(about.timer);
  };
  return { title: `${organisation.name}${kind}`, parts: async () => shown(await get(path), about), leave };
}

function shown(report, about) {
  const may = (action) => report.allowed_actions.includes(action);
  const isMade = Boolean(report.document);
  return [
    h('p', null, h('a', { class: 'button', href: about.app.href('papers/reports') }, icon('back'), '全部公文')),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${report.organisation.name}${report.kind_label}`), mark(report.state_label, STATES[report.state]?.[1])),
    making(report, about),
    h('div', { class: 'card row wrap' }, h('div', { class: 'grow' }, factsOf(report)), may('edit') && actButton(report.kind === 'bulletin' ? '填期号、落款日期' : '填落款日期', () => head(report, about), { name: 'edit' })),
    acts(report, about, may, isMade),
    section('典型案例', may('edit') && isMade && actButton('选典型案例', () => pick(report, about), { name: 'plus' }), cases(report, about, may('edit'))),
    isMade && section('文字', null, sentences(report, about, may('edit'))),
  ];
}

function factsOf(report) {
  return facts([
    ['时间', `${report.from} 至 ${report.to}`],
    report.kind === 'bulletin' && ['期号', report.issue_number ?? '没有填'],
    ['落款日期', report.dated_on ?? '生成的那天'],
    ['数据截至', report.document ? exact(report.document.made_at) : '还没有生成'],
    report.submitted_at && ['送审', exact(report.submitted_at)],
    report.issued_at && ['签发', exact(report.issued_at)],
  ]);
}

/** How far it is, looked at again and again while it is under way; then all is made anew. */
function making(report, about) {
  const node = h('div', { class: 'stack' });
  show(report.job);
  return node;

  function show(job) {
    const isUnderWay = job && UNDER_WAY.includes(job.state);
    if (isUnderWay) {
      fill(node, progress(job, about));
      about.timer = setTimeout(look, A_WHILE);
    } else if (job && job.state !== 'done') {
      fill(node, h('p', { class: 'note amber', role: 'status' }, icon('warn'), `上一次生成：${job.state_label}。可以重新生成。`));
    } else if (report.document && !report.document.up_to_date) {
      fill(node, h('p', { class: 'note amber', role: 'status' }, icon('warn'), '之后改动过，要重新生成，文件才是改好的。'));
    }
  }

  async function look() {
    try {
      const { job } = await get(about.path);
      if (about.isLeft) return;
      if (job && UNDER_WAY.includes(job.state)) show(job);
      else await about.again();
    } catch {
      if (!about.isLeft) about.timer = setTimeout(look, 4 * A_WHILE);
    }
  }
}

function progress(job, about) {
  const bar = h('progress', { max: 100, value: job.progress, 'aria-label': '生成的进度' });
  const stop = async () => {
    try {
      await send('POST', `/jobs/${job.id}/cancel`, { key: newId() });
      await about.again();
    } catch (error) {
      say(error.title ?? '没有连上服务器，请再点一次。');
    }
  };
  return h('div', { class: 'note making', role: 'status' }, bar, h('span', { class: 'grow' }, `正在生成 ${job.progress}%${job.progress_text ? `：${job.progress_text}` : ''}`), job.state !== 'cancelling' && h('button', { type: 'button', class: 'button', onclick: stop }, icon('cross'), '取消'));
}

function acts(report, about, may, isMade) {
  const isUnderWay = report.job && UNDER_WAY.includes(report.job.state);
  const fresh = report.document?.up_to_date;
  return h(
    'div',
    { class: 'row wrap' },
    isMade && h('a', { class: 'button', href: `${PREFIX}/api/v1/reports/${report.id}/document.docx`, download: true }, downIcon(), '下载 Word'),
    may('make') && !isUnderWay && actButton('重新生成', () => act(report, about, ACTS.make), { name: 'redo', main: !fresh }),
    may('submit') && !isUnderWay && actButton('送审', () => act(report, about, ACTS.submit), { name: 'forward', main: Boolean(fresh) }),
    may('return') && actButton('退回修改', () => act(report, about, ACTS.return), { name: 'undo' }),
    may('issue') && actButton('签发', () => act(report, about, ACTS.issue), { name: 'check', main: true }),
    may('delete') && actButton('删除草稿', () => remove(report, about), { name: 'trash', danger: true }),
  );
}

const ACTS = {
  make: { verb: 'make', title: '按现在的数据重新生成？', says: '改写的文字、选的案例都还在。', words: '重新生成' },
  submit: { verb: 'submit', title: '送审？', says: '送审以后不能再改，要改先退回。这段时间要已经结束，结束以后生成过，改动以后也生成过；通报要有期号。', words: '送审', done: '已送审' },
  return: { verb: 'return', title: '退回修改？', says: '退回以后又是草稿，可以改。', words: '退回修改', done: '已退回' },
  issue: { verb: 'issue', title: '签发？', says: '签发以后，文件、数字和背后的工单名单都不再变，本镇各单位都看得到。请先下载看过，照片里该遮的都遮了。', words: '签发', done: '已签发' },
};

async function act(report, { path, again }, { verb, ...more }) {
  if (await ask({ path: `${path}/${verb}`, shape: () => ({ version: report.version }), ...more })) await again();
}

async function remove(report, { app, path }) {
  const gone = await ask({ title: '删除这份草稿？', says: '文件、改写的文字和选的案例一起删除，不能恢复。工单和记录不受影响。', words: '删除草稿', danger: true, method: 'DELETE', path: `${path}?version=${report.version}`, shape: () => undefined, done: '已删除' });
  if (gone) await app.go('papers/reports', { instead: true });
}

/** Changes what is named; what is not stays. */
const edit = ({ version }, { path }, more) => ask({ method: 'PUT', path, done: '已保存', words: '保存', ...more, shape: (body) => ({ version, ...more.shape(body) }) });

async function head(report, about) {
  const done = await edit(report, about, {
    title: '期号和落款日期',
    fields: [
      report.kind === 'bulletin' && { name: 'issue_number', words: '期号', value: report.issue_number, most: 40, optional: true, hint: '例如 第11期。送审以前要填。' },
      { name: 'dated_on', words: '落款日期', kind: 'day', value: report.dated_on, optional: true, hint: '不填就是生成的那天。' },
    ].filter(Boolean),
    shape: ({ issue_number: number, dated_on: on }) => ({ issue_number: number ?? '', ...(on && { dated_on: on }) }),
  });
  if (done) await about.again();
}

function nameOf(key) {
  const [, number] = /^section:(\d+)$/.exec(key) ?? [];
  if (number) return `第${SECTIONS[number - 1] ?? number}节`;
  return NAMES[key] ?? (key.startsWith('case:') ? `案例 ${key.slice(5)}` : key);
}

function sentences(report, about, mayEdit) {
  const line = (one) => {
    const name = nameOf(one.key);
    return h(
      'li',
      { class: 'card sentence' },
      h('div', { class: 'row' }, h('h3', { class: 'grow' }, name, one.edited !== null && [' ', mark('改写过', 'yellow')]), mayEdit && rowButton('改写', name, () => rewrite(report, about, one, name), 'edit'), mayEdit && one.edited !== null && rowButton('恢复原句', name, () => restore(report, about, one), 'undo')),
      h('p', { class: one.text ? null : 'soft' }, one.text || (one.edited === '' ? '不要这一句。' : one.key === 'next_steps' ? '系统不写，写了才有。' : '没有数据，文中没有这一句。')),
      one.edited !== null && one.generated && h('p', { class: 'small soft' }, `原句：${one.generated}`),
    );
  };
  return h('ul', { class: 'sentences' }, report.sentences.map(line));
}

async function rewrite(report, about, one, name) {
  const done = await edit(report, about, {
    title: `改写：${name}`,
    says: [one.generated && `原句：${one.generated}`, '清空就是不要这一句。其中的电话、身份证号码和房号会被隐去。'].filter(Boolean),
    fields: [{ name: 'text', words: '文中用', kind: 'area', value: one.text, optional: true, most: 2000 }],
    shape: ({ text }) => ({ sentences: { [one.key]: text ?? '' } }),
  });
  if (done) await about.again();
}

async function restore(report, about, one) {
  const done = await edit(report, about, { title: '恢复系统写的？', says: `改写的不再用：${one.edited || '（不要这一句）'}`, words: '恢复原句', shape: () => ({ sentences: { [one.key]: null } }) });
  if (done) await about.again();
}

function cases(report, about, mayEdit) {
  if (!report.cases.length) return h('p', { class: 'card soft' }, report.document ? '没有选。' : '生成以后再选。');
  const ids = report.cases.map(({ id }) => id);
  const put = async (list, words) => {
    try {
      await send('PUT', about.path, { body: { version: report.version, cases: list } });
      await about.again();
      say(words);
    } catch (error) {
      say(error.title ? `${error.title}。` : '没有连上服务器，请再点一次。');
      if (error.code === 'stale_report') await about.again();
    }
  };
  const up = (index) => put([...ids.slice(0, index - 1), ids[index], ids[index - 1], ...ids.slice(index + 1)], '已上移');
  const line = ({ id, number }, index) => h('li', { class: 'line' }, h('strong', null, `${index + 1}.`), h('a', { class: 'as-link grow', href: about.app.href(`tickets/${id}`) }, number), mayEdit && index > 0 && rowButton('上移', number, () => up(index)), mayEdit && rowButton('去掉', number, () => put(ids.filter((other) => other !== id), '已去掉'), 'trash'));
  return h('ol', { class: 'card tight lines' }, report.cases.map(line));
}

async function pick(report, about) {
  const chosen = await chooseCases(report, about.path);
  if (chosen) await about.again();
}
