// Dossiers: a unit's half year or year as one package, how far it is, and its download.

import { PREFIX, get, send } from '../../faces/api.js';
import { h, say } from '../../faces/dom.js';
import { newId } from '../../faces/ids.js';
import { ask } from '../admin/asking.js';
import { today } from '../admin/days.js';
import { actButton, longTable, mark, rowButton } from '../admin/tables.js';
import { downIcon, exact } from '../paper.js';
import { units, writtenFor } from '../units.js';

const UNDER_WAY = ['waiting', 'running', 'cancelling'];
const A_WHILE = 2_000;

export function page(app, rest, again) {
  const about = { app, again, timer: 0, isLeft: false };
  const leave = () => {
    about.isLeft = true;
    clearTimeout(about.timer);
  };
  return { parts: () => all(about), leave };
}

async function all(about) {
  const read = (cursor) => get('/dossiers', { limit: 30, cursor });
  const [first, places] = await Promise.all([read(), units(about.app)]);
  look(about, first.items);
  return [
    h('div', { class: 'row wrap' }, h('h1', { class: 'grow' }, '半年档案'), actButton('做一份', () => begin(about, writtenFor(about.app.me, places)), { name: 'plus', main: true })),
    h('p', { class: 'soft' }, '一个镇、社区或村半年（全年）的台账、指标、已签发的公文、一月一区、记录的照片和考核参考分，后台打成一个压缩包，附目录和核对清单。照片只有遮盖后的。每份保存 30 天，同样的数据随时可以再做，内容一字不差。'),
    longTable({ caption: '半年档案', heads: ['单位', '时段', '提出', '进度', '下载'], row: (one) => row(about, one), first, read, none: '还没有。点“做一份”。' }),
  ];
}

/** Reads again while something is being made; all is made anew when that ends. */
function look(about, items) {
  clearTimeout(about.timer);
  if (about.isLeft || !items.some(isUnderWay)) return;
  about.timer = setTimeout(async () => {
    try {
      await about.again();
    } catch {
      look(about, items);
    }
  }, A_WHILE);
}

const isUnderWay = ({ job }) => Boolean(job) && UNDER_WAY.includes(job.state);

function row(about, one) {
  const name = `${one.organisation.name}${one.term.label}`;
  return [one.organisation.name, one.term.label, exact(one.began_at), progress(about, one, name), download(one, name)];
}

function progress(about, one, name) {
  const { job, package: made } = one;
  if (made) {
    const waiting = made.photos_waiting > 0 && h('p', { class: 'small' }, `${made.photos_waiting} 张照片没有放进去：还没有人看过要不要遮盖。`, h('a', { href: about.app.href('papers/masks') }, '去看'));
    return [mark('已做好', 'green'), waiting];
  }
  if (!isUnderWay(one)) return mark(job?.state === 'done' ? '没有做成' : (job?.state_label ?? '没有做成'), 'yellow');
  const stop = async () => {
    try {
      await send('POST', `/jobs/${job.id}/cancel`, { key: newId() });
      await about.again();
    } catch (error) {
      say(error.title ?? '没有连上服务器，请再点一次。');
    }
  };
  return h('div', { class: 'stack tight', role: 'status' }, h('progress', { max: 100, value: job.progress, 'aria-label': `${name}的进度` }), h('span', null, `${job.progress}%${job.progress_text ? `：${job.progress_text}` : ''}`), job.state !== 'cancelling' && rowButton('取消', name, stop, 'cross'));
}

function download({ id, package: made }, name) {
  if (!made) return '—';
  if (made.is_outdated) return mark('做好以后照片有变动，请再做一份', 'yellow');
  const link = h('a', { class: 'button', href: `${PREFIX}/api/v1/dossiers/${id}/package.zip`, download: true, 'aria-label': `下载${name}档案` }, downIcon(), '下载');
  return [link, h('p', { class: 'small soft' }, `${made.files} 个文件，${size(made.bytes)}`)];
}

function size(bytes) {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The half years and years that have begun, the newest first. */
function terms(day = today()) {
  const [year, month] = day.split('-').map(Number);
  const halves = [[`${year}H2`, `${year}年下半年`], [`${year}H1`, `${year}年上半年`], [`${year - 1}H2`, `${year - 1}年下半年`]];
  return [...halves.slice(month > 6 ? 0 : 1), [`${year}`, `${year}年`], [`${year - 1}`, `${year - 1}年`]];
}

async function begin(about, places) {
  const all = terms();
  const made = await ask({
    title: '做一份档案',
    says: '后台生成，可以随时取消。还没有结束的时段，做到今天为止。',
    fields: [
      { name: 'organisation', words: '单位', kind: 'choice', options: places, value: places[0]?.[0], hint: '全县的，按镇分别做。' },
      { name: 'term', words: '时段', kind: 'choice', options: all, value: all[0][0] },
    ],
    words: '做一份',
    path: '/dossiers',
  });
  if (made) await about.again();
}
