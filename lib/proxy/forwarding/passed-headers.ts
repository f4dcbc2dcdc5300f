import type { IncomingMessage } from 'node:http';

/** Hop-by-hop headers and headers for proxies, which are not forwarded. Source: RFC 9110 §7.6.1 and §11.7. */
const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
]);
/** Headers that `Connection` cannot remove, because the meaning of a message depends on them. */
const protectedHeaders: ReadonlySet<string> = new Set(['content-length', 'host', 'trailer', 'transfer-encoding']);

/** Methods for which Node expects no body. */
const methodsWithoutBody: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Changes to the headers of a request. */
export interface RequestChanges {
  /** The value of `Host`. */
  readonly host: string;
  /** Whether to remove the `Authorization` header, because it contains the key for the proxy. */
  readonly withoutAuthorization: boolean;
  /**
   * Headers to remove, because they contain keys. Their names are in lower case. `upstreamKey`, if set, is sent in the
   * first of these headers.
   */
  readonly keyHeaders?: readonly string[] | undefined;
  /** The key for the upstream. */
  readonly upstreamKey?: string | undefined;
  /** Whether the proxy itself sent 100 (Continue) to the client; see {@link continuesImmediately}. */
  readonly isContinued: boolean;
}

/**
 * The headers of a request for the upstream: unchanged names, values and order, without hop-by-hop headers.
 *
 * A chunked body stays chunked.
 */
export function requestHeaders(request: IncomingMessage, changes: RequestChanges): string[] {
  const { headers } = request;
  const { upstreamKey, keyHeaders = [] } = changes;
  const [keyHeader = 'authorization'] = keyHeaders;
  const inChunks = headers['transfer-encoding'] !== undefined;
  const passed = passedHeaders(request, (name, value) => {
    if (name === 'host') return changes.host;
    if (name === 'expect') return changes.isContinued ? undefined : value;
    const isDropped =
      (name === 'authorization' && changes.withoutAuthorization) ||
      (name === 'trailer' && !inChunks) ||
      keyHeaders.includes(name);
    return isDropped ? undefined : value;
  });
  if (headers.host === undefined) passed.push('Host', changes.host);
  if (upstreamKey !== undefined) {
    if (keyHeader === 'authorization') passed.push('Authorization', `Bearer ${upstreamKey}`);
    else passed.push(keyHeader, upstreamKey);
  }
  const isFramed = inChunks || headers['content-length'] !== undefined;
  // Without `Content-Length: 0`, Node would declare a chunked body, although the request has no body.
  if (!isFramed && !methodsWithoutBody.has(request.method)) passed.push('Content-Length', '0');
  return passed;
}

/**
 * The headers of a response for the client, without hop-by-hop headers. `inChunks`: whether the client supports chunks.
 */
export function answerHeaders(answer: IncomingMessage, { inChunks }: { readonly inChunks: boolean }): string[] {
  const mayChunk = inChunks && answer.statusCode !== 204 && answer.statusCode !== 304;
  const isChunked = mayChunk && answer.headers['transfer-encoding'] !== undefined;
  return passedHeaders(answer, (name, value) => {
    const isDropped = (name === 'transfer-encoding' && !mayChunk) || (name === 'trailer' && !isChunked);
    return isDropped ? undefined : value;
  });
}

/**
 * Whether the proxy itself sends 100 (Continue), instead of forwarding `Expect` to the upstream.
 *
 * If a header contains non-ASCII bytes, `Expect` can't be forwarded: Node would send the headers immediately and change
 * these bytes.
 */
export function continuesImmediately({ headers, rawHeaders }: IncomingMessage): boolean {
  return headers.expect !== undefined && rawHeaders.some((text) => /[\x80-\xff]/.test(text));
}

/** Converts alternating names and values of trailers to pairs, which Node requires. */
export function trailerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let place = 0; place + 1 < raw.length; place += 2) pairs.push([raw[place] ?? '', raw[place + 1] ?? '']);
  return pairs;
}

function passedHeaders(
  message: IncomingMessage,
  passedValue: (name: string, value: string) => string | undefined,
): string[] {
  const { rawHeaders: raw } = message;
  const named = namedByConnection(message.headers.connection);
  const passed: string[] = [];
  for (let place = 0; place + 1 < raw.length; place += 2) {
    const original = raw[place] ?? '';
    const name = original.toLowerCase();
    if (hopByHopHeaders.has(name) || named?.has(name)) continue;
    const value = passedValue(name, raw[place + 1] ?? '');
    if (value !== undefined) passed.push(original, value);
  }
  return passed;
}

/** The hop-by-hop headers that `Connection` names. `undefined` in most cases. */
function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined) return undefined;
  const names = connection.toLowerCase();
  if (names === 'keep-alive' || names === 'close') return undefined;
  return new Set(
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => !protectedHeaders.has(name)),
  );
}
