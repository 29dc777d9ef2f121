// Complaints and suggestions as the office has them: what waits first, answered on the spot.

import { NoAnswer, get, send } from '../faces/api.js';
import { fill, h, say, sheet } from '../faces/dom.js';
import { when } from '../faces/format.js';
import { newId } from '../faces/ids.js';
import { icon } from '../faces/icons.js';

const SHOWN = { 'open=1': '没有答复的', 'overdue=1': '超期的', '': '全部' };
const OUTCOMES = { explained: '已说明', accepted: '已采纳', corrected: '已更正' };

export async function page(app) {
  const asked = location.search.slice(1) || (location.search ? '' : 'open=1');
  const shown = asked === 'all=1' ? '' : asked;
  const list = h('div', { class: 'stack' });
  const more = h('button', { type: 'button', class: 'button', onclick: () => read(more.cursor) }, '再看一些');
  const checks = await Promise.all(['/photo-checks', '/text-checks'].map((path) => get(path, { limit: 1 })));
  const waiting = checks.some((found) => found.items.length > 0);
  const tabs = Object.entries(SHOWN).map(([query, words]) => h('a', { href: app.href(`complaints?${query || 'all=1'}`), 'aria-current': query === shown ? 'page' : null }, words));

  async function read(cursor) {
    const found = await get('/complaints', { ...Object.fromEntries(new URLSearchParams(shown)), cursor });
    list.append(...found.items.map((one) => card(app, one)));
    more.cursor = found.next_cursor;
    more.hidden = !found.next_cursor;
    if (!list.children.length) fill(list, h('p', { class: 'card' }, shown ? '没有这样的投诉建议。' : '还没有收到投诉建议。'));
  }

  await read();
  const body = h('div', { class: 'page' }, h('nav', { class: 'quick', 'aria-label': '哪些' }, tabs, waiting && h('a', { href: app.href('photo-checks') }, icon('image'), '待审核的照片和文字')), h('h1', null, '投诉建议'), office(app), h('div', { class: 'narrow stack' }, list, more));
  return { title: '投诉建议', tab: 'complaints', body };
}

/** A complaint; made anew with what the server says after each change. */
function card(app, first) {
  const node = h('section', { class: 'card stack' });
  const show = (one) => fill(node, head(one), h('p', { class: 'words' }, one.text), facts(app, one), one.answer ? answered(one) : acts(app, one, show));
  show(first);
  return node;
}

function head(one) {
  const light = one.answer ? h('span', { class: 'light green' }, icon('check'), one.outcome_label) : one.overdue ? h('span', { class: 'light red' }, icon('warn'), '超期') : h('span', { class: 'light yellow' }, icon('clock'), '待答复');
  return h('div', { class: 'row wrap' }, h('h2', null, one.kind_label), light, h('span', { class: 'small soft' }, `${one.number} · ${one.received_on} 收到 · ${one.source_label}`));
}

function facts(app, one) {
  const pair = (name, value) => value && h('div', null, h('dt', null, name), h('dd', null, value));
  const ticket = one.ticket && h('a', { href: app.href(`tickets/${one.ticket.id}`) }, `${one.ticket.number}（${one.ticket.state_label}）`);
  return h('dl', { class: 'admin-facts' }, pair('答复期限', when(one.due_at)), pair('答复单位', one.office.name), pair('小区', one.compound?.name), pair('署名', one.by), pair('电话', one.phone), pair('工单', ticket));
}

function answered(one) {
  return h('div', { class: 'note' }, h('div', null, h('p', { class: 'words' }, one.answer), h('p', { class: 'small' }, `${one.answered_by} · ${when(one.answered_at)}`)));
}

function acts(app, one, show) {
  return [answering(app, one, show), h('details', null, h('summary', null, removes(one) ? '换一张工单、清除照片' : one.ticket ? '换一张工单' : '注明是哪张工单'), linking(app, one, show), removes(one) && removing(app, one, show))];
}

const removes = ({ ticket, kind }) => ticket && ['wrong_report', 'decision'].includes(kind);

function answering(app, one, show) {
  const outcome = h('select', { id: `outcome-${one.id}` }, Object.entries(OUTCOMES).map(([code, name]) => h('option', { value: code }, name)));
  const text = h('textarea', { id: `answer-${one.id}`, rows: 3, maxlength: 2000, required: true });
  const send_ = () => write(app, `/complaints/${one.id}/answer`, { version: one.version, outcome: outcome.value, answer: text.value }, show, '已答复。');
  return form(send_, '答复', field(text.id, '答复（对方会看到，答复以后不能改）', text), field(outcome.id, '结果', outcome));
}

function linking(app, one, show) {
  const number = h('input', { id: `ticket-${one.id}`, required: true, minlength: 4, placeholder: '工单号', autocomplete: 'off' });
  async function link() {
    const { items } = await get('/tickets', { q: number.value.trim(), limit: 2 });
    if (items.length !== 1) return say(items.length ? '不止一张，请写完整的工单号。' : '没有这个编号的工单。');
    await write(app, `/complaints/${one.id}/ticket`, { version: one.version, ticket: items[0].id }, show, '已注明。');
  }
  return form(link, '注明', field(number.id, '是哪张工单', number));
}

/** The pictures are read when they are asked for. */
function removing(app, one, show) {
  const holder = h('div', { class: 'stack' });
  const told = (issued) => issued.length && sheet('已签发的公文还印着这些照片', () => h('div', { class: 'stack' }, h('p', null, '文件签发以后不变。请收回纸质件，另行更正：'), h('ul', null, issued.map(({ id, name }) => h('li', null, h('a', { href: app.href(`papers/reports/${id}`) }, name))))));
  async function look() {
    const { photos } = await get(`/tickets/${one.ticket.id}`);
    if (!photos.length) return say('这张工单没有照片。');
    const boxes = photos.map(({ photo }) => [h('input', { type: 'checkbox', value: photo.id }), photo]);
    const reason = h('input', { id: `reason-${one.id}`, required: true, maxlength: 400, placeholder: '例如：拍到了别人家里' });
    const chosen = () => boxes.filter(([box]) => box.checked).map(([, photo]) => photo.id);
    async function remove() {
      if (!chosen().length) return say('请选要清除的照片。');
      const shown = (now) => (show(now), told(now.issued_documents));
      await write(app, `/complaints/${one.id}/photos/remove`, { version: one.version, photo_ids: chosen(), reason: reason.value }, shown, '已清除。');
    }
    const pictures = boxes.map(([box, photo]) => h('label', { class: 'row' }, box, h('img', { src: photo.urls.thumb, alt: '工单的照片', width: 120 })));
    fill(holder, form(remove, '清除选中的照片', h('div', { class: 'row wrap' }, pictures), field(reason.id, '为什么清除', reason)));
  }
  const begin = h('button', { type: 'button', class: 'button', onclick: () => orSay(app, look) }, '选要清除的照片……');
  fill(holder, begin, h('p', { class: 'small soft' }, '先把工单作废或办结。文件删去不能恢复，校验值和理由留在记录链；保全的不能清除。'));
  return holder;
}

/** How the office is reached: what stands on the page for residents. */
function office(app) {
  const post = app.me.posts.find(({ role, organisation_type: type }) => type !== 'management_group' && (role === 'supervisor' || role === 'administrator'));
  const holder = h('details', { class: 'card narrow' }, h('summary', null, '公开的电话'));
  holder.addEventListener('toggle', () => holder.open && orSay(app, show), { once: true });
  async function show() {
    const path = `/complaints/offices/${post.organisation.code}`;
    const known = await get(path);
    const phone = h('input', { id: 'office-phone', type: 'tel', value: known.phone, maxlength: 40, required: true });
    const hours = h('input', { id: 'office-hours', value: known.hours, maxlength: 40, placeholder: '工作日 8:00–12:00，14:00–18:00' });
    const write_ = () => orSay(app, async () => {
      await send('PUT', path, { body: { phone: phone.value, hours: hours.value } });
      say('已写明。');
    });
    holder.append(h('p', { class: 'soft' }, `${known.name}，答复期限 ${known.answering_limit}。写在居民扫码打开的页面上。`), form(write_, '保存', field(phone.id, '电话', phone), field(hours.id, '接听时间', hours)));
  }
  return post && holder;
}

function form(act, words, ...fields) {
  const button = h('button', { class: 'button main' }, words);
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    await act();
    button.disabled = false;
  }
  return h('form', { class: 'stack', onsubmit: submit }, fields, button);
}

function field(id, words, control) {
  return h('div', { class: 'field' }, h('label', { for: id }, words), control);
}

function write(app, path, body, show, done) {
  return orSay(app, async () => {
    show(await send('POST', path, { key: newId(), body }));
    say(done);
  });
}

async function orSay(app, act) {
  try {
    await act();
  } catch (error) {
    if (error.code === 'not_signed_in') return app.signedOut();
    if (!(error instanceof NoAnswer || error.title)) throw error;
    say(error instanceof NoAnswer ? '现在连不上服务器，没有写入。' : `${error.title}。${error.detail ?? ''}`);
  }
}
