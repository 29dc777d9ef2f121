// What actions ask for besides words: an organisation, a day, a person, another ticket.

import { get } from '../faces/api.js';
import { fill, h } from '../faces/dom.js';
import { surroundings } from './places.js';

function field(id, words, control) {
  return h('div', { class: 'field' }, h('label', { for: id }, words), control);
}

function options(list, none) {
  return [none !== undefined && h('option', { value: '' }, none), list.map(([code, name]) => h('option', { value: code }, name))];
}

/** Whom to make responsible: the company in contract first, then the community, then others. */
function organisation(ticket) {
  const select = h('select', { id: 'organisation' }, h('option', { value: '' }, '正在读取……'));
  const read = ticket.compound ? get(`/compounds/${ticket.compound.code}`) : Promise.resolve({ company: null });
  Promise.all([read, surroundings()]).then(([{ company }, { companies, communities }]) => {
    const first = [company, ticket.community].filter(Boolean);
    const all = [...first, ...companies, ...communities].map(({ code, name }) => [code, name]);
    const once = [...new Map(all)].filter(([code]) => code !== ticket.responsible?.code);
    fill(select, options(once, '请选择'));
    if (first.length && first[0].code !== ticket.responsible?.code) select.value = first[0].code;
  }, () => fill(select, options([], '没有读到，请关掉再试')));
  return { node: field('organisation', '派给谁', select), value: () => ({ organisation: select.value }), missing: () => !select.value && '请选派给谁。' };
}

/** Under which condition; left alone it stays. */
function condition(ticket) {
  const select = h('select', { id: 'condition' }, options([], `不变：${ticket.condition.name}`));
  surroundings().then(({ categories }) => {
    const known = categories.find(({ code }) => code === ticket.category.code)?.conditions ?? [];
    fill(select, options(known.filter(({ code }) => code !== ticket.condition.code).map(({ code, name, limit_label: limit }) => [code, `${name}（${limit}）`]), `不变：${ticket.condition.name}`));
  }, () => {});
  return { node: field('condition', '立案条件', select), value: () => (select.value ? { condition: select.value } : {}) };
}

/** Another category with its condition. */
function category(ticket) {
  const select = h('select', { id: 'category' }, options([], `不变：${ticket.category.name}`));
  surroundings().then(({ categories }) => {
    const all = categories.flatMap(({ code, name, conditions }) => conditions.map((one) => [`${code} ${one.code}`, conditions.length > 1 ? `${name}：${one.name}（${one.limit_label}）` : `${name}（${one.limit_label}）`]));
    fill(select, options(all, `不变：${ticket.category.name}`));
  }, () => {});
  const value = () => {
    const [code, condition_] = select.value.split(' ');
    return code ? { category: code, condition: condition_ } : {};
  };
  return { node: field('category', '类别和条件', select), value };
}

function compound(ticket) {
  const select = h('select', { id: 'compound' }, options([], `不变：${ticket.compound?.name ?? '不在小区里'}`));
  surroundings().then(({ compounds }) => {
    const near = [...compounds].sort((a, b) => Number(b.organisation.code === ticket.community.code) - Number(a.organisation.code === ticket.community.code));
    fill(select, options(near.map(({ code, name, organisation: home }) => [code, `${name}（${home.name}）`]), `不变：${ticket.compound?.name ?? '不在小区里'}`));
  }, () => {});
  return { node: field('compound', '小区', select), value: () => (select.value ? { compound: select.value } : {}) };
}

/** A day, from tomorrow or the present limit on; until 18:00 of it. */
function until(ticket) {
  const from = new Date(Math.max(Date.now(), Date.parse(ticket.due_at ?? 0)) + 86_400_000);
  const day = from.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const input = h('input', { id: 'until', type: 'date', value: day });
  return { node: field('until', '到哪一天', input), value: () => ({ until: `${input.value}T18:00:00+08:00` }), missing: () => !input.value && '请选到哪一天。' };
}

/** Somebody of the responsible organisation. */
function person(ticket) {
  const select = h('select', { id: 'person' }, options([], '正在读取……'));
  const read = ticket.compound ? get(`/compounds/${ticket.compound.code}`) : Promise.resolve({ responsible_people: [] });
  read.then(({ responsible_people: people }) => {
    const same = people.filter((one) => one.organisation.code === ticket.responsible?.code);
    fill(select, options([...new Map(same.map((one) => [one.id, one.name]))], same.length ? '请选择' : '没有可以指派的人'));
  }, () => fill(select, options([], '没有读到，请关掉再试')));
  return { node: field('person', '交给谁', select), value: () => ({ person: select.value }), missing: () => !select.value && '请选交给谁。' };
}

/** An enforcement body that has had tickets here, or a unit outside by its name and number. */
function referral() {
  const select = h('select', { id: 'body' }, options([], '没有账号的外单位'));
  const name = h('input', { id: 'outside-name', maxlength: 80 });
  const number = h('input', { id: 'outside-number', maxlength: 64 });
  const outside = h('div', { class: 'stack' }, field('outside-name', '单位名称', name), field('outside-number', '文号或编号', number));
  Promise.all([get('/tickets/summary', { by: 'responsible' }), surroundings()]).then(([sums, { companies, communities }]) => {
    const others = new Set([...companies, ...communities].map(({ code }) => code));
    fill(select, options(sums.items.filter(({ code }) => code !== '-' && !others.has(code)).map((one) => [one.code, one.name]), '没有账号的外单位'));
  }, () => {});
  select.addEventListener('change', () => (outside.hidden = Boolean(select.value)));
  return {
    node: h('div', { class: 'stack' }, field('body', '移交给', select), outside),
    value: () => (select.value ? { organisation: select.value } : { outside: { name: name.value.trim(), number: number.value.trim() } }),
    missing: () => !select.value && !(name.value.trim() && number.value.trim()) && '请写明单位名称和文号。',
  };
}

/** Another ticket by its number. */
function ticket_(ticket) {
  const select = h('select', { id: 'other' }, options([], '请先查找'));
  const number = h('input', { id: 'other-number', placeholder: '工单号、小区或描述里的词' });
  const show = (items) => fill(select, options(items.filter(({ id }) => id !== ticket.id).map((one) => [one.id, `${one.number} ${one.category.name} ${one.state_label}`]), items.length ? '请选择' : '没有找到'));
  const find = () => get('/tickets', { q: number.value.trim(), limit: 50 }).then(({ items }) => show(items), () => show([]));
  if (ticket.possible_duplicate_of.length) Promise.all(ticket.possible_duplicate_of.map((id) => get(`/tickets/${id}`).catch(() => null))).then((found) => show(found.filter(Boolean)));
  return {
    node: h('div', { class: 'stack' }, h('div', { class: 'row' }, h('div', { class: 'grow' }, field('other-number', '找哪一张', number)), h('button', { type: 'button', class: 'button', onclick: find }, '查找')), field('other', '并入', select)),
    value: () => ({ ticket: select.value }),
    missing: () => !select.value && '请选并入哪一张。',
  };
}

/** By the name of what is asked for. */
export const asks = { organisation, condition, category, compound, until, person, referral, ticket: ticket_ };
