// What each role does at a desk, and nothing else.

const AT_A_DESK = ['lead', 'supervisor', 'administrator'];

function roles(me) {
  return new Set(me.posts.map((post) => post.role));
}

export function mayEnter(me) {
  return AT_A_DESK.some((role) => roles(me).has(role));
}

export function reviews(me) {
  return roles(me).has('lead') || roles(me).has('supervisor');
}

export function administers(me) {
  return roles(me).has('administrator');
}

/** Whether somebody is of a town's office: its supervisor, not one of a management group. */
export function isOffice(me) {
  return me.posts.some(({ role, organisation_type: type }) => role === 'supervisor' && type === 'town');
}

/** A management group has no complaints of its own. */
export function seesComplaints(me) {
  return isOffice(me) || administers(me);
}

/** Where one can go: the address, an icon, words. */
export function placesOf(me) {
  const found = [];
  if (reviews(me)) found.push(['review', 'compare', '核查复核']);
  found.push(['tickets', 'ticket', '工单'], ['map', 'pin', '地图'], ['coverage', 'walk', '巡查覆盖'], ['summary', 'chart', '统计'], ['work/duties', 'check', '创建工作'], ['papers/ledgers', 'edit', '台账公文']);
  if (seesComplaints(me)) found.push(['complaints', 'reply', '投诉建议']);
  if (administers(me)) found.push(['admin/organisations', 'wrench', '管理']);
  return found;
}

export function homeOf(me) {
  return placesOf(me)[0][0];
}
