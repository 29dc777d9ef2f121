// Elements without markup: nothing that people wrote is ever parsed.

/** An element: properties are attributes, `onclick` and its like listeners; null children vanish. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter(isThere));
  return node;
}

/** Fills an element anew. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(isThere));
  return node;
}

/** What is shown of bytes until the page is left. */
export function picture(bytes, alt, type = 'image/jpeg') {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  return h('img', { src: address, alt, onload: () => URL.revokeObjectURL(address) });
}

/** A question or a choice over the page; resolves with what was chosen, undefined when closed. */
export function sheet(title, build) {
  return new Promise((resolve) => {
    let chosen;
    const close = (value) => {
      chosen = value;
      dialog.close();
    };
    const heading = h('h2', { id: 'sheet-title' }, title);
    const shut = h('button', { type: 'button', class: 'quiet', onclick: () => close() }, '关闭');
    const dialog = h(
      'dialog',
      { class: 'sheet', 'aria-labelledby': 'sheet-title' },
      h('div', { class: 'sheet-head' }, heading, shut),
      build(close),
    );
    dialog.addEventListener('click', (event) => event.target === dialog && close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks before something is given up. */
export function sure(question, yes, detail = '') {
  return sheet(question, (close) =>
    h(
      'div',
      { class: 'stack' },
      detail && h('p', null, detail),
      h('button', { type: 'button', class: 'button danger', onclick: () => close(true) }, yes),
    ),
  );
}

/** Says something once, on the page and to a screen reader. */
export function say(text) {
  const toast = document.getElementById('toast');
  toast.textContent = text;
  toast.classList.add('shown');
  clearTimeout(say.timer);
  say.timer = setTimeout(() => toast.classList.remove('shown'), 5000);
}

function isThere(child) {
  return child !== null && child !== undefined && child !== false && child !== '';
}
