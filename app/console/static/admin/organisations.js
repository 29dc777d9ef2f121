// Organisations: the tree of a township, what is the county's, and one of them.

import { getAll } from '../../faces/api.js';
import { h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { ask } from './asking.js';
import { retiredWords } from './days.js';
import { COMMUNITIES, choices, directory, inUse, organisation, townChooser } from './directory.js';
import { actButton, facts, mark, section, table } from './tables.js';

/** What may be made below each type. */
const BELOW = {
  county: [['town', '镇创建办'], ['property_company', '物业公司'], ['enforcement_body', '执法机构']],
  town: [['community', '社区'], ['village', '村'], ['resettlement_village', '安置小区村'], ['management_group', '管理组'], ['enforcement_body', '执法机构']],
};

export function page(app, code, again) {
  return code ? onePage(app, code, again) : { parts: () => all(app, again) };
}

async function all(app, again) {
  const { county, shared, town, towns, own, isCounty } = await directory(app);
  const known = await directory(app);
  const acts = [isCounty && actButton('新建县级单位、乡镇', () => make(app, county), { name: 'plus' }), town && inUse(town) && actButton('新建本镇单位', () => make(app, town), { name: 'plus', main: true })];
  return [
    h('div', { class: 'row wrap days' }, h('h1', { class: 'grow' }, '组织'), townChooser(app, known, 'admin/organisations'), acts),
    h('p', { class: 'soft' }, '编码和上级定了就不能改。停用的仍然列出，以前的工单和记录照样能查。'),
    town ? tree(app, `${town.name}的单位`, [{ ...town, depth: 0 }, ...below(own, town.code, 1)]) : h('p', { class: 'card' }, '还没有乡镇。'),
    h('h2', null, isCounty ? '县级单位' : '县级单位（由县管理员维护）'),
    tree(app, '县级单位', [...shared, ...(isCounty ? towns : [])].map((one) => ({ ...one, depth: one.type === 'county' ? 0 : 1 })), true),
  ];

  function make(app_, parent) {
    makeBelow(app_, parent, again);
  }
}

/** Those that hang under one, each before those under itself. */
function below(list, code, depth) {
  return list.filter(({ parent }) => parent?.code === code).flatMap((one) => [{ ...one, depth }, ...below(list, one.code, depth + 1)]);
}

function tree(app, caption, list) {
  const row = (one) => [
    h('span', { class: `depth-${Math.min(one.depth, 3)}` }, h('a', { class: 'as-link', href: app.href(`admin/organisations/${one.code}`) }, one.name)),
    one.type_label,
    one.code,
    one.given.map(({ name }) => name).join('、') || '—',
    one.retired_on ? mark(retiredWords(one.retired_on), 'yellow') : mark('在用', 'green'),
  ];
  return table(caption, ['名称', '类型', '编码', '分管', '状态'], list.map(row));
}

async function makeBelow(app, parent, again) {
  const made = await ask({
    title: `在${parent.name}下新建单位`,
    fields: [
      { name: 'type', words: '类型', kind: 'choice', options: BELOW[parent.type], value: BELOW[parent.type].length === 1 ? BELOW[parent.type][0][0] : '' },
      { name: 'name', words: '名称', most: 80 },
      { name: 'code', words: '编码', value: parent.code, most: 32, hint: '社区、村用 12 位统计用区划代码。定了就不能改。' },
    ],
    words: '新建',
    path: '/organisations',
    shape: (body) => ({ ...body, parent: parent.code }),
    done: '已新建',
  });
  if (made) await again();
}

async function onePage(app, code, again) {
  const { name } = await organisation(code);
  return { title: name, parts: () => one(app, code, again) };
}

async function one(app, code, again) {
  const [own, known] = await Promise.all([organisation(code), directory(app)]);
  const isMine = known.isCounty || Boolean(own.town);
  const may = isMine && inUse(own);
  const mayRetire = may && (known.isCounty || own.type !== 'town') && own.type !== 'county';
  const [people, children, compounds] = await Promise.all([isMine ? peopleOf(own) : null, childrenOf(own, known), compoundsOf(own)]);
  return [
    back(app),
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, own.name), own.retired_on && mark(retiredWords(own.retired_on), 'yellow'), may && actButton('改名', () => rename(own, again), { name: 'edit' }), mayRetire && actButton('停用', () => retire(own, again), { name: 'stop', danger: true })),
    h('div', { class: 'card' }, facts([['类型', own.type_label], ['编码', own.code], ['上级', own.parent?.name ?? '没有'], own.town && ['所属的镇', own.town.name]])),
    !isMine && h('p', { class: 'note' }, '县级单位和那里的人员由县管理员维护。'),
    own.type === 'management_group' && section('分管的社区和村', may && actButton('改分管', () => give(own, again), { name: 'edit' }), h('p', { class: 'card' }, own.given.map(({ name }) => name).join('、') || '还没有。')),
    BELOW[own.type] && section('下级单位', may && (known.isCounty || own.type === 'town') && actButton('新建下级', () => makeBelow(app, own, again), { name: 'plus' }), tree(app, '下级单位', children.map((child) => ({ ...child, depth: 0 })))),
    COMMUNITIES.includes(own.type) && section('小区', h('a', { class: 'button', href: app.href(`admin/compounds?organisation=${own.code}`) }, `看这里的小区`), h('p', { class: 'card' }, compounds.map(({ name }) => name).join('、') || '没有在用的小区。')),
    isMine && section('有岗位的人', h('a', { class: 'button', href: app.href(`admin/people?organisation=${own.code}`) }, own.type === 'county' ? '全县的人员和岗位' : '人员和岗位'), people && staff(app, own, people)),
    h('p', null, h('a', { class: 'as-link', href: app.href(`admin/log?subject=${own.code}`) }, '看变更记录')),
  ];
}

export function back(app, place = 'admin/organisations', words = '全部组织') {
  return h('p', null, h('a', { class: 'quiet', href: app.href(place) }, icon('back'), words));
}

/** Those who act at it; a county has too many below it to look through for its own. */
function peopleOf(own) {
  return own.type === 'county' ? null : getAll('/people', { organisation: own.code });
}

function childrenOf(own, known) {
  if (own.type === 'county') return [...known.towns, ...known.shared.filter(({ type }) => type !== 'county')];
  return own.type === 'town' ? getAll('/organisations', { organisation: own.code }).then((list) => list.filter(({ parent }) => parent?.code === own.code)) : [];
}

function compoundsOf(own) {
  return COMMUNITIES.includes(own.type) ? getAll('/compounds', { organisation: own.code }) : [];
}

function staff(app, own, people) {
  const rows = people.flatMap((person) => person.posts.filter(({ organisation: at }) => at.code === own.code).map((post) => [h('a', { class: 'as-link', href: app.href(`admin/people/${person.username}`) }, person.name), post.role_label, `${post.from_on} 起`, person.active ? '' : mark('账号已停用', 'yellow')]));
  return table('有岗位的人', ['姓名', '岗位', '起止', '账号'], rows, '这里没有人有岗位。');
}

async function rename(own, again) {
  const done = await ask({
    title: `给${own.name}改名`,
    says: '以前的工单也显示新名称；改前的名称在变更记录里。',
    fields: [{ name: 'name', words: '名称', value: own.name, most: 80 }],
    words: '改名',
    method: 'PUT',
    path: `/organisations/${own.code}`,
    done: '已改名',
  });
  if (done) await again();
}

async function retire(own, again) {
  const done = await ask({
    title: `停用${own.name}？`,
    says: ['从那天起不再使用，这里的岗位同日结束。停用后不能恢复，编码不能再用；做过的事都保留。', '下面还有在用的小区、网格、下级单位或物业合同时不能停用，会告诉您是哪些。'],
    fields: [{ name: 'on', words: '从哪天起停用', kind: 'day', optional: true, hint: '不填就是今天。' }],
    words: '停用',
    danger: true,
    path: `/organisations/${own.code}/retire`,
    done: '已停用',
  });
  if (done) await again();
}

async function give(group, again) {
  const own = await getAll('/organisations', { organisation: group.town.code });
  const done = await ask({
    title: `${group.name}分管哪些`,
    says: '从今天起，这个管理组的督查员只看、只管所选的社区和村。',
    fields: [{ name: 'organisations', words: '社区和村', kind: 'many', options: choices(own, COMMUNITIES), value: group.given.map(({ code }) => code) }],
    words: '就这样分管',
    method: 'PUT',
    path: `/organisations/${group.code}/given`,
    done: '已改分管',
  });
  if (done) await again();
}
