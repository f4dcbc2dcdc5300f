import { shownUrl } from '../errors/url-secrets.js';

/** Where a URL to push to leads. */
export interface PushUrl {
  /** The URL without user and password, and without a slash at its end. */
  readonly base: string;
  /** What its user and password make of the header `Authorization`. */
  readonly authorization: string | undefined;
}

/** Why a text is no URL to push to. */
export interface PushUrlProblem {
  /** The text without user, password and query, to be shown. */
  readonly shown: string;
  /** What ends "expected …" in an error. */
  readonly expected: string;
}

/** The lookbehind keeps the search linear: it does not start again at each slash of a run. */
const trailingSlashes = /(?<!\/)\/+$/;

/** Reads a URL of HTTP to push to, with the user and password in it; those never stand in what it says is wrong. */
export function readPushUrl(text: string): PushUrl | PushUrlProblem {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const inPassword = /^https?:\/\/.*@/i.test(text) ? ', with / ? # @ and % in a password percent-encoded' : '';
    return { shown: shownUrl(text), expected: `a URL such as http://127.0.0.1:9091${inPassword}` };
  }
  if (url.search !== '' || url.hash !== '') {
    return {
      shown: shownUrl(text),
      expected: 'a URL without ? and #; in a password they are percent-encoded',
    };
  }
  const path = url.pathname.replace(trailingSlashes, '');
  if (path.endsWith('/metrics') || path.includes('/metrics/job')) {
    return { shown: shownUrl(text), expected: 'a URL without /metrics at its end, which a push adds itself' };
  }
  const { username, password } = url;
  return {
    base: url.origin + path,
    authorization:
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
