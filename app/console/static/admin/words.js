// The words of what the API names by codes: to choose from, and to read in the log.

export const TYPES = { county: '县', town: '镇创建办', management_group: '管理组', community: '社区', resettlement_village: '安置小区村', village: '村', property_company: '物业公司', enforcement_body: '执法机构' };
export const ROLES = { warden: '网格员', lead: '社区负责人', property_staff: '物业人员', supervisor: '督查员', enforcement_staff: '执法人员', administrator: '管理员' };
export const COMPOUND_KINDS = { commercial_housing: '商品房小区', old_housing: '老旧小区', resettlement_housing: '安置小区', scattered_households: '散户', settlement: '居民点' };
export const AREAS = { main_entrance: '主出入口', main_road: '主干道', shared_grounds: '公共环境', stairwell: '楼道', notice_board: '宣传栏', waste_station: '垃圾分类亭' };
export const ACTIONS = { greenery_occupation: '清理毁绿种菜', clutter: '清理乱堆乱放', private_wiring: '清理私拉电线', fumes_and_sewage: '清理乱排油烟和污水', greenery_repair: '修缮绿化', illegal_building: '打击违法建设' };
export const UNITS = { hour: '个工作小时', day: '个工作日', urgent_hour: '小时（紧急，不停表）', urgent_day: '天（紧急，不停表）' };
export const CLOCKS = { filing: '立案', rectifying: '整改', checking: '核查', answering: '投诉建议答复' };
export const TELLS = { responsible: '责任单位', lead: '社区（村）负责人', supervisors: '督查员', administrators: '管理员' };
export const SUBJECTS = { organisation: '组织', person: '人员', post: '岗位', leave: '请假代理', compound: '小区', contract: '物业合同', checkpoint: '点位', cell: '网格', category: '事项类别', reminders: '期限的提醒', pause: '暂停计时', assignment: '分工', unit_title: '称号', hold: '照片保全', thresholds: '照片疑点的界限', township: '乡镇资料', catalogue: '事项字典' };
export const TITLES = { civilised_community: '文明社区', civilised_village: '文明村', waste_pilot: '垃圾分类试点村' };
const ASSISTANTS = { cadre: '村（居）干部', party_member: '党员', old_cadre: '老干部', owners_committee: '业主委员会成员', company_head: '物业负责人', villager_group_head: '村民组长', cleaning_company: '保洁公司' };
const PARTS = { lead: '负责', assistant: '协助' };
const ASSIGNED = { cell: '网格', compound: '小区', checkpoint: '点位', duty: '指标', line: '工作分工' };
const TABLES = { organisations: '组织', people: '人员', posts: '岗位', cells: '网格', compounds: '小区', checkpoints: '点位', contracts: '合同' };

/** A limit in words. */
export function limitWords({ amount, unit }) {
  return `${amount} ${UNITS[unit] ?? unit}`;
}

const yes = (words, no) => (value) => (value ? words : no);
const among = (words) => (value) => words[value] ?? value;
const outline = (value) => (value ? `有（${vertices(value)} 个点）` : '没有');
const conditions = (list) => list.map((one) => `${one.name} ${limitWords(one.limit)}${one.enforcement ? '，须告知执法机构' : ''}，结案标准：${one.closing_test}`).join('；');
const counts = (found) => (typeof found === 'number' ? String(found) : Object.entries(found).filter(([, number]) => number).map(([name, number]) => `${TABLES[name] ?? name} ${number}`).join('、') || '没有');

function vertices({ coordinates }) {
  return JSON.stringify(coordinates).split('],[').length;
}

/** What the log keeps, by name: words, and how a value is read. `code`: that of an organisation. */
const KEPT = {
  name: ['名称'],
  code: ['编码'],
  type: ['类型', among(TYPES)],
  parent: ['上级', 'code'],
  retired_on: ['停用日'],
  given: ['分管', 'code'],
  phone: ['手机号'],
  active: ['账号', yes('在用', '停用')],
  phone_changed: ['手机号中间几位', yes('有改动', '')],
  role: ['岗位', among(ROLES)],
  organisation: ['单位', 'code'],
  from_on: ['从'],
  to_on: ['到（不含）'],
  deputy: ['代理人'],
  kind: ['类型', (value) => COMPOUND_KINDS[value] ?? ASSIGNED[value] ?? value],
  buildings: ['楼栋'],
  households: ['户数'],
  outline: ['轮廓', outline],
  in_service_on: ['启用日'],
  company: ['物业公司', 'code'],
  area: ['部位', among(AREAS)],
  wardens: ['网格员'],
  action: ['六项行动', among(ACTIONS)],
  standard_code: ['标准代码'],
  standard_ref: ['依据'],
  routable: ['责任单位', yes('自动判定', '由人判定')],
  conditions: ['条件和时限', conditions],
  categories: ['事项类别'],
  document: ['文件'],
  reason: ['事由'],
  from: ['开始'],
  to: ['结束（不含）'],
  made: ['新增', counts],
  opened: ['新增', counts],
  updated: ['修改', counts],
  closed: ['停用', counts],
  warden: ['网格员'],
  title: ['称号', among(TITLES)],
  part: ['职责', among(PARTS)],
  person: ['人员'],
  rungs: ['各级'],
  assists_as: ['协助身份', among(ASSISTANTS)],
};
const UNSAID = new Set(['id', 'of']);

function valueWords(name, value, named) {
  const [, read] = KEPT[name] ?? [];
  if (value === null || value === undefined || value === '') return name === 'company' ? '无物业' : '空';
  if (typeof read === 'function') return read(value);
  if (Array.isArray(value)) return value.map((one) => (read ? named(one) : one)).join('、') || '空';
  if (read) return named(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1 $2');
}

/** What changed: `[words, before, after]`; without a before only what there is now. */
export function differences({ before, after }, named) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => !UNSAID.has(name));
  const isSame = (name) => JSON.stringify(before?.[name] ?? null) === JSON.stringify(after?.[name] ?? null);
  const told = names.filter((name) => (before && after ? !isSame(name) : (before ?? after)[name] !== null));
  return told.map((name) => [KEPT[name]?.[0] ?? name, before && valueWords(name, before[name], named), after && valueWords(name, after[name], named)]);
}
