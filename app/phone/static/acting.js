// What can be done with a ticket: one table, the server says which of it is possible now.

import { get } from '../faces/api.js';
import { fill, h, say, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import * as outbox from '../faces/outbox.js';
import { fixingOrganisation } from './roles.js';
import { shutter, strip } from './shots.js';

const RETURN_REASONS = ['没有清理干净', '照片拍的不是原处', '看不清是否整改', '又出现了'];
const NOT_OURS = ['不在本公司合同范围', '属于业主个人，已多次劝阻', '属于市政或其他单位'];
const MORE_TIME = ['要等材料', '要等业主配合', '要等施工队'];
const REJECTIONS = ['不属于受理范围', '现场没有这个问题', '重复上报'];

/** Action → words, icon, and what it asks for; the order is that of the buttons. */
const ACTIONS = {
  rectify: { words: '拍照整改', icon: 'camera', main: true, opens: (ticket) => `repair/${ticket.id}` },
  close: { words: '核查通过', icon: 'check', main: true, noteFor: (ticket) => isDoubtful(ticket) && '照片不符，写明为什么可以结案', ask: '现场看过，已经整改好？' },
  return: { words: '退回返工', icon: 'redo', note: '为什么退回', reasons: RETURN_REASONS, photos: true },
  accept_send_back: { words: '同意回退', icon: 'check', main: true, ask: '同意这不是他们的责任？同意后由您重新派遣。' },
  refuse_send_back: { words: '不同意回退', icon: 'cross', note: '为什么不同意' },
  grant_extension: { words: '同意延期', icon: 'check', main: true, ask: '同意延到申请的时间？' },
  refuse_extension: { words: '不同意延期', icon: 'cross', note: '为什么不同意' },
  dispatch: { words: '派遣', icon: 'forward', main: true, organisation: true, noteFor: (ticket) => ticket.state !== 'reported' && '为什么改派' },
  reject: { words: '不予立案', icon: 'stop', note: '为什么不立案', reasons: REJECTIONS },
  assign: { words: '交给同事', submit: '交给他', icon: 'person', person: true },
  send_back: { words: '不是我们的', submit: '申请回退', icon: 'reply', note: '为什么不是本单位的责任', reasons: NOT_OURS, photos: true },
  request_extension: { words: '申请延期', icon: 'clock', note: '为什么需要延期', reasons: MORE_TIME, until: true },
  explain: { words: '说明照片', icon: 'edit', note: '照片为什么会这样', photos: true },
  recall: { words: '撤回整改', icon: 'undo', ask: '撤回刚才提交的整改？' },
  withdraw: { words: '撤回上报', icon: 'undo', ask: '撤回这条上报？' },
  reopen: { words: '重新办理', icon: 'redo', note: '为什么要重新办理', photos: true },
  comment: { words: '补充说明', submit: '提交说明', icon: 'edit', note: '说明', photos: true },
};

function isDoubtful(ticket) {
  return ticket.photos.some((use) => use.role === 'after' && use.verdict === 'contradicted');
}

/** The buttons of what is possible; `again` reads the ticket anew. */
export function actButtons(app, ticket, again) {
  const possible = Object.entries(ACTIONS).filter(([name]) => ticket.allowed_actions.includes(name));
  if (!possible.length) return null;
  const [first] = possible.find(([, action]) => action.main) ?? [];
  return h('section', { class: 'acts even', 'aria-label': '可以做的' }, possible.map(([name, action]) => {
    const props = { class: `button${name === first ? ' main' : ''}` };
    const inside = [icon(action.icon), action.words];
    if (action.opens) return h('a', { ...props, href: app.href(action.opens(ticket)) }, inside);
    return h('button', { ...props, type: 'button', onclick: () => act(app, ticket, name, action, again) }, inside);
  }));
}

async function act(app, ticket, name, action, again) {
  const said = await sheet(action.words, (close) => form(app, ticket, action, close));
  if (!said) return;
  const { photos = [], ...rest } = said;
  const entry = await outbox.add({
    kind: 'action',
    path: `/tickets/${ticket.id}/${name}`,
    title: action.words,
    detail: ticket.compound?.name ?? ticket.number,
    ticket: ticket.id,
    needs: photos,
    body: { version: ticket.version, ...rest, photo_ids: photos.map((id) => `key:${id}`), occurred_at: new Date().toISOString() },
  });
  say(`${action.words}：已记下`);
  const settled = await outbox.settled(entry.id);
  if (settled?.state === 'sent') {
    say(`${action.words}：好了`);
    await again();
  } else if (settled?.state === 'refused') {
    await outbox.drop(entry.id);
    say(`${settled.problem.title}。${settled.problem.detail ?? ''}`);
    await again();
  }
}

/** What an action asks for, and nothing more. */
function form(app, ticket, action, close) {
  const asksNote = action.note ?? action.noteFor?.(ticket);
  const note = h('textarea', { id: 'reason', rows: 3, maxlength: 2000 });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const photos = [];
  const until = action.until && untilField(ticket);
  const choice = action.person ? colleagues(app, ticket) : action.organisation ? organisations(ticket) : null;
  function submit(event) {
    event.preventDefault();
    const chosen = choice?.value();
    if (asksNote && !note.value.trim()) fault.textContent = '请写明理由。';
    else if (choice && !chosen) fault.textContent = '请选一个。';
    else if (until && !until.value()) fault.textContent = '请选延到哪一天。';
    else close({ ...(note.value.trim() && { note: note.value.trim() }), ...(until && { until: until.value() }), ...chosen, photos });
  }
  return h(
    'form',
    { class: 'stack', onsubmit: submit },
    action.ask && h('p', null, action.ask),
    choice?.node,
    action.reasons && h('div', { class: 'reasons' }, action.reasons.map((words) => h('button', { type: 'button', class: 'button', onclick: () => (note.value = words) }, words))),
    asksNote && h('div', { class: 'field' }, h('label', { for: 'reason' }, asksNote), note),
    until?.node,
    action.photos && photoField(photos),
    fault,
    h('button', { class: 'button main wide' }, action.submit ?? action.words),
  );
}

function photoField(photos) {
  const shown = h('div');
  const show = async () => fill(shown, await strip(photos, { onremove: (id) => (photos.splice(photos.indexOf(id), 1), show()) }));
  return h('div', { class: 'stack' }, shown, shutter({ words: '附照片（可不拍）', className: 'button', onshot: (entry) => (photos.push(entry.id), show()) }));
}

/** A day, from tomorrow or the present limit on; until 18:00 of it. */
function untilField(ticket) {
  const from = new Date(Math.max(Date.now(), Date.parse(ticket.due_at ?? 0)) + 86_400_000);
  const day = from.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const input = h('input', { id: 'until', type: 'date', min: day, value: day });
  const node = h('div', { class: 'field' }, h('label', { for: 'until' }, '延到哪一天'), input);
  return { node, value: () => input.value && `${input.value}T18:00:00+08:00` };
}

function options(name, words) {
  const select = h('select', { id: name }, h('option', { value: '' }, '正在读取……'));
  return { select, node: h('div', { class: 'field' }, h('label', { for: name }, words), select) };
}

/** Colleagues who answer for the same compound. */
function colleagues(app, ticket) {
  const { select, node } = options('person', '交给谁');
  const own = fixingOrganisation(app.me).code;
  const read = ticket.compound ? get(`/compounds/${ticket.compound.code}`) : Promise.resolve({ responsible_people: [] });
  read.then(({ responsible_people: people }) => {
    const same = people.filter((person) => person.organisation.code === own && person.id !== app.me.id);
    const listed = [...new Map(same.map((person) => [person.id, person])).values()];
    fill(select, h('option', { value: '' }, listed.length ? '请选择' : '没有别的同事'), h('option', { value: app.me.id }, '我自己'), listed.map((person) => h('option', { value: person.id }, person.name)));
  }, () => fill(select, h('option', { value: '' }, '连上网以后再选')));
  return { node, value: () => select.value && { person: select.value } };
}

/** Whom a lead can make responsible: the company in contract, the community itself. */
function organisations(ticket) {
  const { select, node } = options('organisation', '派给谁');
  const read = ticket.compound ? get(`/compounds/${ticket.compound.code}`) : Promise.resolve({ company: null });
  read.then(({ company }) => {
    const found = [company, ticket.community].filter((one) => one && one.code !== ticket.responsible?.code);
    fill(select, found.map((one) => h('option', { value: one.code }, one.name)));
  }, () => fill(select, h('option', { value: '' }, '连上网以后再选')));
  return { node, value: () => select.value && { organisation: select.value } };
}
