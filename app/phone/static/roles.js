// What each role needs on a phone, and nothing else.

const FIXERS = ['property_staff', 'enforcement_staff'];

function roles(me) {
  return new Set(me.posts.map((post) => post.role));
}

export function isFixer(me) {
  return FIXERS.some((role) => roles(me).has(role));
}

export function isOfCommunity(me) {
  return roles(me).has('warden') || roles(me).has('lead');
}

export function isLead(me) {
  return roles(me).has('lead');
}

/** The community or village where somebody walks; the first one, where there are several. */
export function communityOf(me) {
  return me.posts.find((post) => ['warden', 'lead'].includes(post.role))?.organisation ?? null;
}

/** What counts as a colleague's organisation: of those that put things right. */
export function fixingOrganisation(me) {
  const post = me.posts.find((one) => FIXERS.includes(one.role)) ?? me.posts[0];
  return post?.organisation ?? null;
}

export function mayReport(me) {
  return isOfCommunity(me) || roles(me).has('supervisor');
}

/** The tabs at the foot: where to, icon, text. */
export function tabsOf(me) {
  const found = [];
  if (isLead(me)) found.push(['lead', 'chart', '社区']);
  if (mayReport(me)) found.push(['report', 'camera', '上报']);
  if (isOfCommunity(me)) found.push(['rounds', 'walk', '巡查']);
  if (isFixer(me)) found.push(['work', 'wrench', '待办']);
  if (mayReport(me)) found.push(['mine', 'ticket', '进展']);
  found.push(['me', 'person', '我的']);
  return found;
}

export function homeOf(me) {
  return tabsOf(me)[0][0];
}
