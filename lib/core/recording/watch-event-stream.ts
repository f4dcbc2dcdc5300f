import { hasMethod, shadow } from './shadow.js';
import type { StreamListener } from './stream-call.js';

type Emit = (event: unknown, ...values: unknown[]) => unknown;

/** Events with a chunk: of OpenAI's chat streams, Anthropic's, OpenAI's response streams, and of Node's emitters. */
const chunkEvents: ReadonlySet<unknown> = new Set(['chunk', 'streamEvent', 'event', 'data', 'token']);
/** Events with a whole response, after which others may come. */
const wholeEvents: ReadonlySet<unknown> = new Set(['chatCompletion', 'finalChatCompletion', 'finalMessage']);
const endEvents: ReadonlySet<unknown> = new Set(['end', 'close', 'finish', 'done', 'complete']);

/** Methods of emitters that are no responses: servers, processes, threads, and streams that are written. */
const otherMethods = ['listen', 'kill', 'postMessage', 'write'] as const;

/** Whether a value is a stream helper of OpenAI's or Anthropic's client, which reads its own stream and emits events. */
export function isStreamHelper(value: object): boolean {
  return hasMethod(value, 'on') && hasMethod(value, '_emit');
}

/** Whether a value is an event emitter that can be a response: no server, process, thread or writable stream. */
export function isEmitter(value: object): boolean {
  return hasMethod(value, 'on') && hasMethod(value, 'emit') && !otherMethods.some((name) => hasMethod(value, name));
}

/**
 * Follows an object that emits events. No listener is added, because one for `error` would handle errors that the
 * application doesn't handle.
 *
 * Returns whether the object has not ended yet.
 */
export function watchEvents(emitter: object, listener: StreamListener): boolean {
  const { ended } = emitter as { readonly ended?: unknown };
  if (ended === true) return false;
  const name = hasMethod(emitter, '_emit') ? '_emit' : 'emit';
  const emit = (emitter as Record<typeof name, Emit>)[name];
  let final: object | undefined;
  const follow = (event: unknown, value: unknown): void => {
    if (chunkEvents.has(event)) listener.chunk(value);
    else if (wholeEvents.has(event)) final = { ...final, ...Object(value) };
    // The tokens of all requests that the helper made, for example to call tools.
    else if (event === 'totalUsage') final = { ...final, usage: value };
    else if (event === 'error') listener.fail(value);
    else if (event === 'abort') listener.fail(value ?? new DOMException('The stream was aborted.', 'AbortError'));
    else if (endEvents.has(event)) listener.end(final);
  };
  shadow(emitter, name, function (this: unknown, event: unknown, ...values: unknown[]) {
    try {
      follow(event, values[0]);
    } catch {
      // A value whose fields cannot be read; the listeners get it all the same.
    }
    return emit.call(this, event, ...values);
  });
  return true;
}
