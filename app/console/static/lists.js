// Looking from the end of a list, as browsers of some years ago cannot.

/** Where the last of a list is for which something holds; -1 when there is none. */
export function lastIndex(list, holds) {
  for (let index = list.length - 1; index >= 0; index -= 1) if (holds(list[index])) return index;
  return -1;
}

/** The last of a list for which something holds. */
export function lastOf(list, holds) {
  return list[lastIndex(list, holds)];
}
