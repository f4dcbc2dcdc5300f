import type { IncomingMessage } from 'node:http';

/** Headers that are for one hop, or for a proxy, and go no further. Source: RFC 9110 §7.6.1 and §11.7. */
const ofOneHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
]);
/** What a message means hangs on these; `Connection` cannot make them go. */
const kept: ReadonlySet<string> = new Set(['content-length', 'host', 'trailer', 'transfer-encoding']);

/** Methods of which Node takes for granted that there is no body. */
const bodiless: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** What an upstream is to see differently from what its client sent. */
export interface RequestChanges {
  /** What stands in `Host`. */
  readonly host: string;
  /** Whether `Authorization` was for this proxy, and goes no further. */
  readonly withoutAuthorization: boolean;
  /** Headers of keys that go no further, in lower case; the first is that of `upstreamKey`. */
  readonly keyHeaders?: readonly string[] | undefined;
  /** The key that goes on in its place. */
  readonly upstreamKey?: string | undefined;
  /** Whether a client that waits with its body was told here to go on; see {@link goesOnAtOnce}. */
  readonly isContinued: boolean;
}

/**
 * A request's headers as the upstream gets them: names, values and their order as they came, without those of the hop.
 *
 * How a body is framed is the hop's own: one that came in chunks goes on in chunks.
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
  // Without either Node would announce chunks where there is no body.
  if (!isFramed && !bodiless.has(request.method)) passed.push('Content-Length', '0');
  return passed;
}

/** An answer's headers as the client gets them, likewise; `inChunks` is whether that client can take chunks. */
export function answerHeaders(answer: IncomingMessage, { inChunks }: { readonly inChunks: boolean }): string[] {
  const mayChunk = inChunks && answer.statusCode !== 204 && answer.statusCode !== 304;
  const isChunked = mayChunk && answer.headers['transfer-encoding'] !== undefined;
  return passedHeaders(answer, (name, value) => {
    const isDropped = (name === 'transfer-encoding' && !mayChunk) || (name === 'trailer' && !isChunked);
    return isDropped ? undefined : value;
  });
}

/**
 * Whether a client that waits with its body is told here to go on, and not by the upstream.
 *
 * Node sends a head with `Expect` by itself, and then bytes beyond ASCII in another encoding.
 */
export function goesOnAtOnce({ headers, rawHeaders }: IncomingMessage): boolean {
  return headers.expect !== undefined && rawHeaders.some((text) => /[\x80-\xff]/.test(text));
}

/** Trailers in pairs, as Node takes them. */
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
    if (ofOneHop.has(name) || named?.has(name)) continue;
    const value = passedValue(name, raw[place + 1] ?? '');
    if (value !== undefined) passed.push(original, value);
  }
  return passed;
}

/** The headers that `Connection` says are for this hop; nearly always none. */
function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined) return undefined;
  const names = connection.toLowerCase();
  if (names === 'keep-alive' || names === 'close') return undefined;
  return new Set(
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => !kept.has(name)),
  );
}
