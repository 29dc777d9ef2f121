// Who answers for what: what has no one, who has what, and everything of one person handed over.

import { get, getAll } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from '../admin/asking.js';
import { field } from '../admin/fields.js';
import { span, today } from '../admin/days.js';
import { actButton, longTable, rowButton, section, table } from '../admin/tables.js';

const ASSISTANTS = { cadre: '村（居）干部', party_member: '党员', old_cadre: '老干部', owners_committee: '业主委员会成员', company_head: '物业负责人', villager_group_head: '村民组长', cleaning_company: '保洁公司' };
const AT_ONCE = 100;

export function page(app, rest, again) {
  return { parts: () => (rest ? unit(app, rest, again) : all(app)) };
}

async function all(app) {
  const organisation = new URLSearchParams(location.search).get('organisation') ?? undefined;
  const { items } = await get('/assignments/vacant/summary', { organisation });
  // A county's lines are townships, which have lines of their own.
  const isCounty = items.some(({ organisation: { code } }) => code.length <= 9 && code !== organisation);
  const row = (one) => {
    const to = isCounty ? `work/assignments?organisation=${one.organisation.code}` : `work/assignments/${one.organisation.code}`;
    return [h('a', { class: 'as-link', href: app.href(to) }, one.organisation.name), one.vacant ? h('span', { class: 'light red' }, icon('warn'), `${one.vacant} 项`) : h('span', { class: 'light green' }, icon('check'), '都有人'), one.cells, one.checkpoints, one.duties, one.lines];
  };
  return [
    h('h1', null, '处处有人、项项有人'),
    h('p', { class: 'soft' }, '每个网格、点位，每项指标（村里四类工作）都要有一个人负责。下面是没有人负责的，应当都是 0。点单位看是哪些，定下谁负责。'),
    table('没有人负责的', ['单位', '没有人负责的', '网格', '点位', '指标', '工作分工'], items.map(row), '没有下级单位。'),
  ];
}

async function unit(app, code, again) {
  const asked = { organisation: code };
  const read = (cursor) => get('/assignments', { ...asked, limit: AT_ONCE, cursor });
  const [vacant, first, lines, people] = await Promise.all([get('/assignments/vacant', { ...asked, limit: AT_ONCE }), read(), get('/assignments/vacant/summary', asked), getAll('/assignments/people', asked)]);
  const name = lines.items[0]?.organisation.code === code ? lines.items[0].organisation.name : (first.items[0] ?? vacant.items[0])?.organisation.name ?? '';
  const known = choices(people, code);
  const about = { code, known, again };
  return [
    h('p', null, h('a', { class: 'button', href: app.href('work/assignments') }, icon('back'), '全部单位')),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, `${name}的分工`), actButton('交接', () => handOver(about), { name: 'forward' })),
    section(`没有人负责的${vacant.next_cursor ? ` ${vacant.items.length} 项以上` : vacant.items.length ? ` ${vacant.items.length} 项` : ''}`, vacant.items.length > 1 && actButton('几项一起定', () => give(about, vacant.items), { name: 'plus' }), vacancies(vacant.items, about)),
    section('现在的分工', null, longTable({ caption: '现在的分工', heads: ['对象', '谁', '起止', ''], row: (one) => row(one, about), first, read, none: '还没有定。' })),
  ];
}

/** People once each, those of the unit first: `[[username, words]]`. */
function choices(people, code) {
  const own = (one) => Number(one.organisation.code === code);
  const ordered = [...people].sort((a, b) => own(b) - own(a) || (a.organisation.code < b.organisation.code ? -1 : 1));
  const found = new Map();
  for (const { person, role_label: role, organisation } of ordered) if (!found.has(person.username)) found.set(person.username, `${person.name}（${organisation.name} ${role}）`);
  return [...found];
}

function vacancies(items, about) {
  const words = ({ subject, place }) => [subject.name, place && `（${place}）`].filter(Boolean).join('');
  return table('没有人负责的', ['种类', '对象', ''], items.map((one) => [one.subject.kind_label, words(one), rowButton('定下谁负责', words(one), () => give(about, [one]), 'person')]), '没有，都有人负责。');
}

/** Names who leads one or several of what has no one. */
async function give({ code, known, again }, items) {
  const one = items.length === 1 && items[0].subject;
  const done = await ask({
    title: one ? `${one.name}：谁负责` : `${items.length} 项：谁负责`,
    fields: [
      { name: 'person', words: '谁负责', kind: 'choice', options: known },
      !one && { name: 'chosen', words: '哪几项', kind: 'many', options: items.map(({ subject, place }, index) => [String(index), `${subject.kind_label} ${subject.name}${place ? `（${place}）` : ''}`]) },
      { name: 'from_on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' },
    ].filter(Boolean),
    words: '就这样定',
    path: '/assignments',
    shape: ({ person, chosen, from_on: on }) => ({ organisation: code, part: 'lead', person, ...(on && { from_on: on }), subjects: (one ? items : chosen.map((index) => items[index])).map(({ subject }) => ({ kind: subject.kind, code: subject.code })) }),
    done: '已定下',
  });
  if (done) await again();
}

function row(one, about) {
  const who = one.person?.name ?? one.name;
  return [
    [one.subject.name, h('p', { class: 'small soft' }, one.subject.kind_label)],
    [h('strong', null, who), h('p', { class: 'small' }, [one.part_label, one.assists_as_label].filter(Boolean).join(' · '))],
    span(one),
    [one.part === 'lead' && rowButton('换人', one.subject.name, () => give(about, [one]), 'redo'), one.part === 'lead' && rowButton('加协助', one.subject.name, () => assist(one, about), 'plus'), rowButton('结束', `${one.subject.name} ${who}`, () => end(one, who, about), 'stop')],
  ];
}

/** Who assists need not have an account: then only a name. */
async function assist({ subject }, { code, known, again }) {
  const done = await ask({
    title: `${subject.name}：谁协助`,
    fields: [
      { name: 'assists_as', words: '身份', kind: 'choice', options: Object.entries(ASSISTANTS), none: '不写' },
      { name: 'person', words: '有账号的', kind: 'choice', options: known, none: '没有账号，下面写姓名' },
      { name: 'name', words: '没有账号的写姓名', optional: true, most: 40, hint: '只写姓名，不写电话。' },
    ],
    words: '就这样定',
    path: '/assignments',
    shape: ({ assists_as: as, person, name }) => ({ organisation: code, part: 'assistant', ...(as && { assists_as: as }), ...(person ? { person } : { name }), subjects: [{ kind: subject.kind, code: subject.code }] }),
    done: '已定下',
  });
  if (done) await again();
}

async function end(one, who, { again }) {
  const done = await ask({ title: '结束这项分工？', says: `${one.subject.name}：${who}。从那天起不再${one.part_label}；过去是谁，一直查得到。`, fields: [{ name: 'on', words: '从哪天起', kind: 'day', optional: true, hint: '不填就是今天。' }], words: '结束', danger: true, path: `/assignments/${one.id}/end`, done: '已结束' });
  if (done) await again();
}

async function handOver({ code, known, again }) {
  const to = field({ name: 'to', words: '交给谁', kind: 'choice', options: known });
  const done = await ask({
    title: '把一个人的全部分工交给另一个人',
    says: '连同所巡查的网格一次交完；有一样交不了，就什么都不动。再做一次也不会多。',
    fields: [{ name: 'person', words: '谁移交', kind: 'choice', options: known }, to, { name: 'on', words: '从哪天起', kind: 'day', value: today(), optional: true, hint: '不填就是今天。' }],
    words: '交接',
    path: '/assignments/hand-over',
    shape: (body) => ({ organisation: code, ...body }),
    done: '已交接',
  });
  if (done) await again();
}
