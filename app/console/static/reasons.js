// Why: a phrase by its digit, or words of one's own.

import { h, sheet } from '../faces/dom.js';

/** Asks for a reason; the words, undefined when it was given up. */
export function askWhy({ ask, phrases, words }) {
  return sheet(ask, (close) => {
    const own = h('textarea', { id: 'why', rows: 2, maxlength: 2000 });
    const fault = h('p', { class: 'fault', role: 'alert' });
    const choices = phrases.map((phrase, index) => h('li', null, h('button', { type: 'button', class: 'button', autofocus: index === 0, 'aria-keyshortcuts': index + 1, onclick: () => close(phrase) }, h('kbd', null, index + 1), phrase)));
    const submit = (event) => {
      event?.preventDefault();
      if (own.value.trim()) close(own.value.trim());
      else fault.textContent = '请写明理由。';
    };
    const form = h('form', { class: 'stack', onsubmit: submit, onkeydown: pressed }, h('ol', { class: 'phrases' }, choices), h('div', { class: 'field' }, h('label', { for: 'why' }, '或者写别的（按 0 到这里，回车提交）'), own), fault, h('button', { class: 'button main' }, words));
    // Digits choose only while nothing is being written, and never while an input method is at work.
    function pressed(event) {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target === own) {
        if (event.key === 'Enter' && !event.shiftKey) submit(event);
        return;
      }
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
      if (digit === undefined) return;
      event.preventDefault();
      if (digit === '0') own.focus();
      else if (phrases[digit - 1]) close(phrases[digit - 1]);
    }
    return form;
  });
}
