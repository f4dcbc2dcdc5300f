/** Replaces a secret. */
const hidden = '***';

/**
 * Hides the parts of a URL or address that may be secret: user, password, query and fragment.
 *
 * The text need not be valid. Everything up to the last `@` counts as user and password, with or without a scheme.
 */
export function shownUrl(text: string): string {
  const scheme = /^[a-z][a-z\d+.-]{0,30}:\/\//i.exec(text)?.[0] ?? '';
  const at = text.lastIndexOf('@');
  // The `@` may be in the query, or the question mark may be in the password.
  if (/^[^?#]*[?#].*@/s.test(text)) return scheme + hidden;
  const address = at < scheme.length ? text.slice(scheme.length) : text.slice(at + 1);
  const end = address.search(/[?#]/);
  const shown = end === -1 ? address : address.slice(0, end + 1) + hidden;
  return scheme + (at < scheme.length ? '' : `${hidden}@`) + shown;
}

/** Hides the user, password and query of each URL in a text. Takes time proportional to the length of the text. */
export function withoutUrlSecrets(text: string): string {
  if (!text.includes('://')) return text;
  // An expression such as `\S+` can exceed the stack of regular expressions if a word has millions of characters.
  return text.split(/(\s)/).map(hideIn).join('');
}

/** Hides the secrets in one word of a text. Punctuation after the URL stays. */
function hideIn(word: string): string {
  const scheme = word.indexOf('://');
  if (scheme === -1) return word;
  const start = scheme + 3;
  const at = word.lastIndexOf('@');
  if (at >= start && /[?#]/.test(word.slice(start, at))) return word.slice(0, start) + hidden;
  const address = at < start ? word.slice(start) : `${hidden}@${word.slice(at + 1)}`;
  const query = address.indexOf('?');
  const shown = query === -1 || query === address.length - 1 ? address : hideQuery(address, query + 1);
  return word.slice(0, start) + shown;
}

/**
 * Hides a query, but not the punctuation after it.
 *
 * If only punctuation follows the question mark, the question mark ends a sentence, and there is no query.
 */
function hideQuery(address: string, start: number): string {
  let end = address.length;
  while (end > start && `"'\`;,.)]}>`.includes(address.charAt(end - 1))) end--;
  return end === start ? address : address.slice(0, start) + hidden + address.slice(end);
}
