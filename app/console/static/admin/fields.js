// The fields of a form, described as data: what is asked for, under which name of the body.

import { fill, h } from '../../faces/dom.js';
import { icon } from '../../faces/icons.js';
import { outlineOf, readJson } from './outlines.js';

let made = 0;

/**
 * A field: `{name, words, kind, value, hint, optional}`; kinds are text, day, time, number, area,
 * choice (`options`), tick, many (`options`), outline, constant and rows (`fields(value)`, `add`,
 * `fresh`). What comes
 * back has the node, `value()`, `missing()`, `fault(words)` and `inside(name)`, which finds the
 * field that a name of the body means, or nothing.
 */
export function field(spec) {
  return (KINDS[spec.kind] ?? plain)(spec);
}

function plain(spec) {
  const types = { day: 'date', time: 'datetime-local', number: 'number' };
  const props = { type: types[spec.kind] ?? 'text', value: spec.value, autocomplete: 'off', maxlength: spec.most, inputmode: spec.inputmode, min: spec.min, list: spec.list };
  const input = spec.kind === 'area' ? h('textarea', { rows: 3, maxlength: spec.most }, spec.value) : h('input', props);
  if (spec.typed) input.addEventListener('input', () => spec.typed(input.value));
  const value = () => {
    const text = input.value.trim();
    if (!text) return spec.optional ? null : '';
    if (spec.kind === 'number') return Number(text);
    return spec.kind === 'time' ? `${text}:00+08:00` : text;
  };
  return single(spec, input, value, '请填写。');
}

function choice(spec) {
  const input = h('select');
  const refill = (options, value) => {
    const blank = (spec.none !== undefined || !options.some(([code]) => code === value)) && h('option', { value: '' }, spec.none ?? '请选择');
    fill(input, blank, options.map(([code, words]) => h('option', { value: code, selected: code === value }, words)));
  };
  refill(spec.options, spec.value);
  const found = single({ ...spec, optional: spec.optional || spec.none !== undefined }, input, () => input.value || null, '请选择。');
  if (spec.changed) input.addEventListener('change', () => spec.changed(input.value));
  return Object.assign(found, { refill });
}

function tick(spec) {
  const input = h('input', { type: 'checkbox', checked: spec.value });
  const found = shell(spec, input, () => input.checked);
  found.node = h('div', { class: 'field' }, h('label', { class: 'box' }, input, spec.words), spec.hint && h('p', { class: 'small soft' }, spec.hint), found.told);
  return found;
}

/** An outline from a file. */
function outline(spec) {
  let read = null;
  const input = h('input', { type: 'file', accept: '.geojson,.json' });
  const found = single(spec, input, () => read, '请选择文件。');
  input.addEventListener('change', async () => {
    found.fault('');
    try {
      read = outlineOf(await readJson(input.files[0]));
    } catch (error) {
      read = null;
      found.fault(error.message);
    }
  });
  return found;
}

/** What is sent along and not asked for. */
function constant(spec) {
  return Object.assign(shell(spec, null, () => spec.value), { node: null });
}

/** Several of a list. */
function many(spec) {
  const boxes = spec.options.map(([code, words]) => [code, h('input', { type: 'checkbox', checked: (spec.value ?? []).includes(code) }), words]);
  const found = shell(spec, boxes[0]?.[1], () => {
    const chosen = boxes.filter(([, box]) => box.checked).map(([code]) => code);
    return chosen.length || !spec.optional ? chosen : null;
  });
  const list = h('div', { class: 'many' }, boxes.map(([, box, words]) => h('label', { class: 'box' }, box, words)));
  found.node = h('fieldset', { class: 'field' }, h('legend', { class: 'label' }, spec.words), spec.hint && h('p', { class: 'small soft' }, spec.hint), boxes.length ? list : h('p', { class: 'soft' }, '没有可选的。'), found.told);
  return found;
}

/** The same fields several times over. */
function rows(spec) {
  const list = h('div', { class: 'stack' });
  let entries = [];
  const found = shell(spec, null, () => entries.map(({ fields }) => bodyOf(fields)));
  const add = (value) => {
    const entry = { fields: spec.fields(value).map(field) };
    const away = h('button', { type: 'button', class: 'quiet', onclick: () => drop(entry) }, icon('trash'), '去掉这一条');
    entry.node = h('fieldset', { class: 'entry stack' }, h('legend', { class: 'unseen' }, spec.words), h('div', { class: 'fields' }, entry.fields.map(({ node }) => node)), away);
    entries.push(entry);
    list.append(entry.node);
    return entry;
  };
  const drop = (entry) => {
    entries = entries.filter((one) => one !== entry);
    entry.node.remove();
    more.focus();
  };
  const more = h('button', { type: 'button', class: 'button', onclick: () => add(spec.fresh()).node.querySelector('input, select').focus() }, icon('plus'), spec.add);
  for (const value of spec.value ?? []) add(value);
  found.node = h('div', { class: 'field' }, h('p', { class: 'label' }, spec.words), spec.hint && h('p', { class: 'small soft' }, spec.hint), list, found.told, h('div', null, more));
  found.missing = () => entries.map(({ fields }) => missingOf(fields)).some(Boolean);
  found.clear = () => (found.fault(''), entries.forEach(({ fields }) => fields.forEach((one) => one.clear())));
  found.inside = (name) => {
    if (name !== spec.name && !name.startsWith(`${spec.name}.`)) return null;
    const [number, ...rest] = name.slice(spec.name.length + 1).split('.');
    return (entries[number] && insideOf(entries[number].fields, rest.join('.'))) ?? found;
  };
  return found;
}

const KINDS = { choice, tick, many, rows, outline, constant };

function single(spec, input, value, absent) {
  const found = shell(spec, input, value);
  input.id = `field-${(made += 1)}`;
  const note = h('p', { class: 'small soft', id: `${input.id}-hint` }, spec.hint);
  found.told.id = `${input.id}-fault`;
  input.setAttribute('aria-describedby', spec.hint ? `${note.id} ${found.told.id}` : found.told.id);
  const may = spec.optional && !spec.none ? `${spec.words}（可不填）` : spec.words;
  found.node = h('div', { class: 'field' }, h('label', { for: input.id }, may), spec.hint && note, input, found.told);
  found.missing = () => {
    if (spec.optional || value() !== '' && value() !== null) return false;
    found.fault(absent);
    return true;
  };
  return found;
}

function shell(spec, input, value) {
  const told = h('p', { class: 'fault', hidden: true });
  const fault = (words) => {
    told.hidden = !words;
    told.textContent = words;
    input?.setAttribute('aria-invalid', String(Boolean(words)));
  };
  const inside = (name) => (name === spec.name || name.startsWith(`${spec.name}.`) ? found : null);
  const found = { spec, input, told, value, fault, inside, missing: () => false, clear: () => fault('') };
  return found;
}

/** Shows what is not filled in; true when something is not. */
export function missingOf(fields) {
  return fields.map((one) => one.missing()).some(Boolean);
}

/** The field that a name of the body means. */
export function insideOf(fields, name) {
  for (const one of fields) {
    const found = one.inside(name);
    if (found) return found;
  }
  return null;
}

/** The body that fields make: a name with dots is an object inside, what is `unsent` left out. */
export function bodyOf(fields) {
  const body = {};
  for (const { spec, value } of fields.filter((one) => !one.spec.unsent)) {
    const parts = spec.name.split('.');
    const last = parts.pop();
    let inside = body;
    for (const part of parts) inside = inside[part] ??= {};
    inside[last] = value();
  }
  return body;
}
