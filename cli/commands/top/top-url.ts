import { shownUrl } from 'tinyllm/configuration';

/** Where `tinyllm top` reads. */
export interface TopUrl {
  /** Without user and password. */
  readonly url: string;
  /** Without the query too, to be shown. */
  readonly shown: string;
  /** What its user and password make of the header `Authorization`. */
  readonly authorization: string | undefined;
}

/**
 * Reads the URL of a metrics endpoint: `http://` may be left out, and so may the path `/metrics`.
 *
 * Gives undefined for what is no URL of HTTP.
 */
export function readTopUrl(text: string): TopUrl | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const { username, password } = url;
  if (url.pathname === '/') url.pathname = '/metrics';
  url.username = '';
  url.password = '';
  url.hash = '';
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return {
    url: url.href,
    shown: shownUrl(url.href),
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
