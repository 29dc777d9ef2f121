// The review desk: one ticket at a time, decided by a key.

import { get } from '../faces/api.js';
import { fill, h, say, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';
import { badge } from '../faces/tickets.js';
import { Decisions, choicesOf } from './deciding.js';
import { facing, findingsOf, photoPair } from './evidence.js';
import { factsOf, headOf, noticesOf, timelineOf } from './facts.js';
import { lastIndex } from './lists.js';
import { placeMap } from './placemap.js';
import { Queue } from './queue.js';
import { askWhy } from './reasons.js';
import { deskBar } from './deskbar.js';

const COLOURS = { contradicted: 'red', needs_review: 'yellow', urgent: 'red', illegal_building: 'red' };
/** Reasons that the ticket's own light and state tell. */
const SAID = ['late', 'check', 'second_look'];
/** So long a ticket must have been on the screen before a decision can be about it. */
const SEEN_MS = 350;
const KEYS = [
  ['A', '通过（结案，或复核通过）'],
  ['R', '退回返工，或重新办理；再按数字选理由'],
  ['S', '跳过，放到最后'],
  ['Z', '撤销刚才的决定'],
  ['F', '放大两张照片'],
  ['M', '显示、隐藏疑似涂改处的虚线框'],
  ['?', '显示这张表'],
];

export async function page(app) {
  const desk = new Desk(app);
  await desk.begin();
  return { title: '核查复核', tab: 'review', fills: true, body: desk.body, shown: () => desk.focus(), leave: () => desk.leave() };
}

/** What the makers of photos said about them since the newest repair. */
function explained(ticket) {
  const since = ticket.timeline.slice(lastIndex(ticket.timeline, (event) => event.action === 'rectify') + 1);
  const said = since.filter((event) => event.action === 'explain');
  return said.map((event) => h('p', { class: 'note' }, icon('edit'), h('span', null, `${event.organisation?.name ?? ''}说明：${event.note}`)));
}

class Desk {
  constructor(app) {
    Object.assign(this, { app, shown: null, photos: null, refusals: [] });
    this.query = new URLSearchParams(location.search);
    this.queue = new Queue(Object.fromEntries(this.query));
    this.decisions = new Decisions({ onchange: () => this.bar.update(), onrefused: (told) => this.refused(told) });
    this.bar = deskBar(this);
    this.told = h('div', { class: 'told', role: 'status' });
    this.view = h('div', { class: 'desk-view' });
    this.body = h('div', { class: 'desk' }, this.told, this.view, this.bar);
    this.onkey = (event) => this.pressed(event);
    document.addEventListener('keydown', this.onkey);
  }

  async begin() {
    for (const id of await this.decisions.takeUp()) this.queue.done.add(id);
    await this.queue.begin();
    await this.show();
  }

  leave() {
    document.removeEventListener('keydown', this.onkey);
    return this.decisions.close();
  }

  focus() {
    this.body.querySelector('.desk-main')?.focus({ preventScroll: true });
  }

  /** Shows the first of the queue. */
  async show() {
    const found = await this.queue.current();
    this.shown = found && { ...found, choices: choicesOf(found.ticket), decided: false, since: Date.now() };
    this.photos = found && photoPair(found.ticket);
    fill(this.view, found ? this.opened() : this.nothing());
    this.bar.update();
    this.focus();
  }

  opened() {
    const { ticket, reasons, notice, choices } = this.shown;
    const why = reasons.filter(({ code }) => !SAID.includes(code)).map(({ code, label }) => badge(COLOURS[code] ?? '', COLOURS[code] ? 'warn' : 'compare', label));
    const cannot = choices.bad && !choices.good && h('p', { class: 'note amber' }, icon('warn'), '照片与事实不符，结案由督查员写明理由决定；您可以退回。');
    return [
      h('div', { class: `desk-main${notice ? ' noted' : ''}`, tabindex: '-1', role: 'group', 'aria-label': `${ticket.category.name}，${ticket.number}` }, notice && h('p', { class: 'note amber' }, icon('warn'), notice), headOf(ticket, h('span', { class: 'why row wrap' }, why)), this.photos),
      h('aside', { class: 'desk-side', tabindex: '0', 'aria-label': '依据' }, cannot, noticesOf(ticket), findingsOf(ticket), explained(ticket), placeMap(ticket, facing(ticket)), timelineOf(ticket), factsOf(ticket), h('a', { class: 'as-link', href: this.app.href(`tickets/${ticket.id}`) }, '打开工单，做别的处理')),
    ];
  }

  nothing() {
    const { skipped } = this.queue;
    const again = () => {
      this.queue.takeUpSkipped();
      this.show();
    };
    return h(
      'div',
      { class: 'message desk-main', tabindex: '-1' },
      h('h1', null, skipped.length ? `剩下的 ${skipped.length} 张是跳过的` : '都看完了'),
      h('p', { class: 'soft' }, skipped.length ? '可以再看一遍，也可以留给别人。' : '现在没有等待核查、复核的工单。'),
      skipped.length > 0 ? h('button', { type: 'button', class: 'button main', onclick: again }, '再看跳过的') : h('button', { type: 'button', class: 'button', onclick: () => this.begin() }, icon('redo'), '再查一次'),
    );
  }

  async pressed(event) {
    const typing = event.target.closest?.('input, textarea, select, dialog');
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing) return;
    const act = event.key === '?' ? () => this.help() : { KeyA: () => this.approve(), KeyR: () => this.reject(), KeyS: () => this.skip(), KeyZ: () => this.undo(), KeyF: () => this.photos?.enlarge(), KeyM: () => this.photos?.frames?.click() }[event.code];
    if (!act) return;
    event.preventDefault();
    await act();
  }

  approve() {
    return this.choose(this.shown?.choices.good);
  }

  reject() {
    return this.choose(this.shown?.choices.bad);
  }

  /** Decides what is shown, once: a second press finds it decided. */
  async choose(choice) {
    const { shown } = this;
    // A key pressed twice was meant for the ticket before.
    if (!choice || shown.decided || Date.now() - shown.since < SEEN_MS) return;
    const note = choice.phrases && (await askWhy(choice));
    if (shown !== this.shown || shown.decided || (choice.phrases && !note)) return;
    shown.decided = true;
    const item = this.queue.decided();
    await this.decisions.decide(shown.ticket, choice, note);
    this.last = item;
    await this.show();
  }

  async skip() {
    if (!this.shown || this.shown.decided) return;
    this.shown.decided = true;
    this.queue.skip();
    await this.show();
  }

  async undo() {
    if (!this.decisions.held) return say('没有可以撤销的：决定已经发出，可以在工单里处理。');
    const ticket = await this.decisions.undo();
    if (!ticket) return say('已经发出，不能撤销；可以在工单里处理。');
    this.queue.putBack(this.last, ticket);
    await this.show();
    say('已撤销，没有发出。');
  }

  help() {
    return sheet('按键', () => h('dl', { class: 'keys' }, KEYS.map(([key, words]) => h('div', null, h('dt', null, h('kbd', null, key)), h('dd', null, words)))));
  }

  /** Somebody was quicker, or the server does not take it: the ticket is shown as it is. */
  async refused({ entry, problem, ticket, current }) {
    const choices = current && choicesOf(current);
    const state = current ? `现在是“${current.state_label}”` : '现在读不到';
    const close = h('button', { type: 'button', class: 'quiet', onclick: () => line.remove() }, icon('cross', '知道了'));
    const words = h('span', { class: 'grow' }, h('strong', null, `${ticket.number} 的“${entry.title}”没有收下：${problem.title}。`), ` ${problem.detail ?? ''} 工单${state}。 `, h('a', { class: 'as-link', href: this.app.href(`tickets/${ticket.id}`) }, '打开工单'));
    const line = h('p', { class: 'note red' }, icon('warn'), words, close);
    this.told.append(line);
    if (!choices?.good && !choices?.bad) return;
    const reasons = await get('/review', { limit: 100, ...this.queue.query }).then(({ items }) => items.find((one) => one.ticket.id === ticket.id)?.reasons, () => null);
    this.queue.putBack({ ticket: { id: ticket.id }, reasons: reasons ?? [], notice: '这张工单在您决定之后有变动，请重新看。' }, current);
    await this.show();
  }
}
