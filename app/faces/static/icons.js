// Icons as inline SVG: strokes on 24 × 24, in the colour of the text. No font, no picture file.

const SPACE = 'http://www.w3.org/2000/svg';

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  building: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3',
  camera: 'M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 17a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6z',
  chart: 'M4 20V4M4 20h16M8.5 16v-5M13 16V8M17.5 16v-3',
  check: 'M5 12.5l4.8 4.8L19.5 7',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2',
  cloud: 'M7 18.5a4.5 4.5 0 0 1-.6-9 6 6 0 0 1 11.5 1.3 3.9 3.9 0 0 1-.4 7.7zM12 21v-8M9 15.5l3-3 3 3',
  compare: 'M12 3v18M4 6h5v12H4zM15 6h5v12h-5z',
  cross: 'M6 6l12 12M18 6L6 18',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4',
  forward: 'M9 5l7 7-7 7',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.5 10a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  inbox: 'M4 13l3-8h10l3 8v6H4zM4 13h5l1.5 3h3L15 13h5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.9-4 4-5.5 7.5-5.5s6.6 1.5 7.5 5.5',
  phone: 'M7 3h10v18H7zM11 18h2',
  pin: 'M12 21.5s7-6.3 7-11.5a7 7 0 0 0-14 0c0 5.2 7 11.5 7 11.5zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  plus: 'M12 5v14M5 12h14',
  redo: 'M19 8v-4M19 8h-4M19 8a8 8 0 1 0 1 4',
  reply: 'M9 6L4 11l5 5M4 11h9a7 7 0 0 1 7 7v1',
  size: 'M3 19L8.5 5 14 19M5 14.5h7M15.5 19l3-8 3 8M16.6 16.5h3.9',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.8 5.8l12.4 12.4',
  ticket: 'M5 3h14v18l-3.5-2-3.5 2-3.5-2L5 21zM8.5 8h7M8.5 12h7',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
  undo: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-4',
  walk: 'M13.5 5.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM10 22l2-6-2.5-3 1-5 3 1.5 2 2.5 3 1M8 12l.5-3L11 7.5M14.5 22l-1-4.5-1.5-2',
  warn: 'M12 4l9.5 16.5h-19zM12 10v5M12 17.8v.01',
  wrench: 'M14.5 9.5L5 19M20 6.5l-3 3-2.5-2.5 3-3a5 5 0 0 0-6 6.5 5 5 0 0 0 2 2 5 5 0 0 0 6.5-6z',
};

/** An icon; with a label it says what it is, without one it is decoration. */
export function icon(name, label) {
  return drawn(PATHS[name], label);
}

/** The same strokes for paths from elsewhere. */
export function drawn(path, label) {
  const svg = document.createElementNS(SPACE, 'svg');
  const line = document.createElementNS(SPACE, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
