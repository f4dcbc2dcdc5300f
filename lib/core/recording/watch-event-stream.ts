import { hasMethod, overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';

type Emit = (event: unknown, ...values: unknown[]) => unknown;

/**
 * Events with a chunk.
 *
 * OpenAI's client emits `chunk` for chats and `event` for its Responses API. Anthropic's client emits `streamEvent`.
 * Other emitters use `data`, as Node's streams do, or `token`.
 */
const chunkEvents: ReadonlySet<unknown> = new Set(['chunk', 'streamEvent', 'event', 'data', 'token']);
/** Events with a whole response. Other events may follow. */
const wholeEvents: ReadonlySet<unknown> = new Set(['chatCompletion', 'finalChatCompletion', 'finalMessage']);
const endEvents: ReadonlySet<unknown> = new Set(['end', 'close', 'finish', 'done', 'complete']);

/** Methods of emitters that are not responses: servers, processes, threads and writable streams. */
const otherMethods = ['listen', 'kill', 'postMessage', 'write'] as const;

/**
 * Whether a value is a stream helper of OpenAI's or Anthropic's client, which reads its own stream and emits events.
 */
export function isStreamHelper(value: object): boolean {
  return hasMethod(value, 'on') && hasMethod(value, '_emit');
}

/** Whether a value is an event emitter that can be a response: not a server, process, thread or writable stream. */
export function isEmitter(value: object): boolean {
  return hasMethod(value, 'on') && hasMethod(value, 'emit') && !otherMethods.some((name) => hasMethod(value, name));
}

/**
 * Follows an object that emits events. No listener is added, because a listener for `error` would handle errors that
 * the application doesn't handle.
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
    // The helper can make several requests, for example to call tools. `totalUsage` has the tokens of all of them.
    else if (event === 'totalUsage') final = { ...final, usage: value };
    else if (event === 'error') listener.fail(value);
    else if (event === 'abort') listener.fail(value ?? new DOMException('The stream was aborted.', 'AbortError'));
    else if (endEvents.has(event)) listener.end(final);
  };
  overrideMethod(emitter, name, function (this: unknown, event: unknown, ...values: unknown[]) {
    try {
      follow(event, values[0]);
    } catch {
      // The value's fields can't be read. The application's listeners receive the value anyway.
    }
    return emit.call(this, event, ...values);
  });
  return true;
}
