import { hasMethod, shadow } from './shadow.js';
import type { StreamListener } from './stream-call.js';

type Emit = (event: unknown, ...values: unknown[]) => unknown;

/** Events with a chunk: of OpenAI's chat streams, Anthropic's, OpenAI's response streams, and of Node's emitters. */
const chunkEvents: ReadonlySet<unknown> = new Set(['chunk', 'streamEvent', 'event', 'data', 'token']);
/** Events with a whole response, after which others may come. */
const wholeEvents: ReadonlySet<unknown> = new Set(['chatCompletion', 'finalChatCompletion', 'finalMessage']);
const endEvents: ReadonlySet<unknown> = new Set(['end', 'close', 'finish', 'done', 'complete']);

/**
 * Whether a value is an object that reads its own stream and emits events: a stream helper of OpenAI's or Anthropic's
 * client, which emits through `_emit`, or an event emitter of Node.
 */
export function emitsEvents(value: object): boolean {
  return hasMethod(value, 'on') && (hasMethod(value, '_emit') || hasMethod(value, 'emit'));
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
  shadow(emitter, name, (event: unknown, ...values: unknown[]) => {
    const [value] = values;
    if (chunkEvents.has(event)) listener.chunk(value);
    else if (wholeEvents.has(event)) final = { ...final, ...Object(value) };
    // The tokens of all requests that the helper made, for example to call tools.
    else if (event === 'totalUsage') final = { ...final, usage: value };
    else if (event === 'error') listener.fail(value);
    else if (event === 'abort') listener.fail(value ?? new DOMException('The stream was aborted.', 'AbortError'));
    else if (endEvents.has(event)) listener.end(final);
    return emit.call(emitter, event, ...values);
  });
  return true;
}
