/**
 * A text as a message shows it: in double quotes, on one line, cut where it gets long, and without the user and password
 * of a URL in it.
 */
export function quote(text: string): string {
  const shown = text.replace(/\S+/g, withoutUser);
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}

/** Hides what is between the scheme of a URL and its last `@`. */
function withoutUser(word: string): string {
  const scheme = word.search(/[a-z]:\/\//i);
  const end = word.lastIndexOf('@');
  return scheme === -1 || end < scheme + 4 ? word : `${word.slice(0, scheme + 4)}***${word.slice(end)}`;
}

/**
 * A text that should have been an address, as a message shows it: in double quotes, and without what may be secret in
 * it, a user with a password and a query. With or without a scheme, all up to the last `@` is the user's.
 */
export function shownAddress(text: string): string {
  const [address = ''] = text.split('?', 1);
  const shown = address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@');
  return JSON.stringify(address === text ? shown : `${shown}?***`);
}
