// Drawing with SVG on the ground: elements, rings of outlines, metres.

const SPACE = 'http://www.w3.org/2000/svg';

export function svg(tag, props = {}) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  return node;
}

export function rings(geometry) {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

export function metresBetween(a, b) {
  const x = (a.lng - b.lng) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(x, a.lat - b.lat) * 111_320;
}
