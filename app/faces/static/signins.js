// Where one is signed in: one sign-in can be ended, and all but this one.

import { NoAnswer, get, isNotToBeHad, now, send } from './api.js';
import { agentWords } from './agents.js';
import { fill, h, say, sure } from './dom.js';
import { when } from './format.js';
import { drawn, icon } from './icons.js';

const COMPUTER = 'M3 4h18v12H3zM12 16v4M8 20h8';

export async function signIns() {
  const body = h('section', { class: 'stack', 'aria-labelledby': 'sign-ins' });
  await show(body, (await get('/me/sign-ins')).items);
  return body;
}

function show(body, items) {
  const ordered = [...items].sort((a, b) => b.current - a.current);
  const others = items.filter((one) => !one.current).length;
  const again = async () => show(body, (await get('/me/sign-ins')).items);
  const endOthers = () => end('让别处的登录都失效？', `共 ${others} 处，那里要重新登录；这里不受影响。`, '/me/sign-ins', again);
  fill(
    body,
    h('h2', { id: 'sign-ins', tabindex: '-1' }, `现在登录着 ${items.length} 处`),
    h('p', { class: 'soft' }, '有不认识的，请让它失效，并改口令。没有发出的内容留在那台设备里，重新登录后接着发。'),
    h('ul', { class: 'card tight lines' }, ordered.map((one) => line(one, again))),
    others > 0 && h('button', { type: 'button', class: 'button danger', onclick: endOthers }, icon('out'), `让别处的登录都失效（${others} 处）`),
  );
}

function line(one, again) {
  const words = agentWords(one.agent);
  const at = when(one.issued_at, now());
  const name = h('span', { class: 'grow' }, words, one.current && h('strong', null, '（这里）'), h('span', { class: 'small soft block' }, `${at} 登录，到 ${when(one.expires_at, now())} 自动失效`));
  const act = () => end('让这次登录失效？', `${words}，${at} 登录。那里要重新登录。`, `/me/sign-ins/${one.id}`, again);
  const button = !one.current && h('button', { type: 'button', class: 'quiet', 'aria-label': `失效：${words}，${at} 登录`, onclick: act }, '失效');
  return h('li', { class: 'line' }, /手机|平板|鸿蒙/.test(words) ? icon('phone') : drawn(COMPUTER), name, button);
}

async function end(question, detail, path, again) {
  if (!(await sure(question, '让它失效', detail))) return;
  try {
    await send('DELETE', path).catch((error) => {
      // Somebody ended it elsewhere: all the same.
      if (error.code !== 'not_found') throw error;
    });
    await again();
    document.getElementById('sign-ins').focus();
    say('已经失效。');
  } catch (error) {
    if (!isNotToBeHad(error)) throw error;
    say(error instanceof NoAnswer ? '现在连不上网，没有改动，请稍后再试。' : error.title);
  }
}
