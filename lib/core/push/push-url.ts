import { shownUrl } from '../errors/url-secrets.js';

/** A parsed push URL. */
export interface PushUrl {
  /** The URL without the user, the password and trailing slashes. */
  readonly base: string;
  /** The value of the header `Authorization`, from the user and the password in the URL. */
  readonly authorization: string | undefined;
}

/** Describes why a text is not a valid push URL. */
export interface PushUrlProblem {
  /** The text without the user, the password and the query, for messages. */
  readonly shown: string;
  /** The text after "expected" in an error message. */
  readonly expected: string;
}

/** The lookbehind keeps the search linear, because a match can only start at the first slash of several. */
const trailingSlashes = /(?<!\/)\/+$/;

/** Parses a push URL with an optional user and password. A returned problem never contains the user or the password. */
export function readPushUrl(text: string): PushUrl | PushUrlProblem {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const inPassword = /^https?:\/\/.*@/i.test(text)
      ? '; percent-encode the characters / ? # @ and % in a password'
      : '';
    return { shown: shownUrl(text), expected: `a URL such as http://127.0.0.1:9091${inPassword}` };
  }
  if (url.search !== '' || url.hash !== '') {
    return {
      shown: shownUrl(text),
      expected: 'a URL without ? and #; percent-encode them in a password',
    };
  }
  const path = url.pathname.replace(trailingSlashes, '');
  if (path.endsWith('/metrics') || path.includes('/metrics/job')) {
    return {
      shown: shownUrl(text),
      expected: 'a URL without /metrics and anything after it, because a push adds them',
    };
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
