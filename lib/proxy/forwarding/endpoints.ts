import type { IncomingMessage } from 'node:http';

/** Asking a model changes nothing at the server; a second time it costs what it costs. */
const asksModel =
  /^\/(?:api\/(?:generate|chat|embed|embeddings)|v1\/(?:chat\/completions|completions|embeddings|messages|messages\/count_tokens))\/?(?:\?|$)/;
const readingMethods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request only reads; anything else may set a model to work, and is what limits are for. */
export function onlyReads({ method }: Pick<IncomingMessage, 'method'>): boolean {
  return readingMethods.has(method);
}

/** Whether a request may be sent to a second upstream when a first got it, and broke off without an answer. */
export function mayBeRepeated(request: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return onlyReads(request) || (request.method === 'POST' && asksModel.test(request.url ?? ''));
}
