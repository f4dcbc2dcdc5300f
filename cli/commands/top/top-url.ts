import { shownUrl } from 'tinyllm/configuration';

/** The endpoint of `tinyllm top`. */
export interface TopUrl {
  /** The URL without user and password. */
  readonly url: string;
  /** The URL for messages, also without the query. */
  readonly shown: string;
  /** The value of the `Authorization` header, from user and password. */
  readonly authorization: string | undefined;
}

/**
 * Parses the URL of a metrics endpoint. `http://` and the path `/metrics` are optional.
 *
 * Returns undefined if the text is no HTTP URL.
 */
export function readTopUrl(text: string): TopUrl | undefined {
  const complete = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(complete)) return undefined;
  const url = new URL(complete);
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
