// Large text, kept on this phone for each person who signs in on it.

const OF_ALL = 'gexun.large';

function place(person) {
  return person ? `${OF_ALL}.${person.id}` : OF_ALL;
}

export function isLarge() {
  return document.documentElement.classList.contains('large');
}

/** Shows the size that a person chose; before anybody is known, the one that was last in use. */
export function useSizeOf(person) {
  const chosen = localStorage.getItem(place(person)) ?? localStorage.getItem(OF_ALL);
  document.documentElement.classList.toggle('large', chosen === '1');
}

export function choose(large, person) {
  for (const name of [place(person), OF_ALL]) localStorage.setItem(name, large ? '1' : '0');
  document.documentElement.classList.toggle('large', large);
}
