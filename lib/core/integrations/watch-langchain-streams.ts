import { setImmediate } from 'node:timers';
import { overrideMethod } from '../recording/override-method.js';
import { watchIterator } from '../recording/watch-iterator.js';

/** Called with the run whose consumer stopped reading its stream. */
type Leave = (runId: string) => void;

type StreamChunks = (this: unknown, ...args: unknown[]) => unknown;

/** Ends the runs of streams that were garbage-collected before their end. */
const abandoned = new FinalizationRegistry<() => void>((leave) => leave());

/**
 * Detects when the consumer of a LangChain.js model's stream stops reading before the end. LangChain doesn't notify its
 * callbacks of this.
 *
 * The model's integration creates each stream in the method `_streamResponseChunks`. The third argument of this method
 * is the manager of the run.
 */
export function watchLangChainStreams(model: object, leave: Leave): void {
  const streamChunks = (model as { readonly _streamResponseChunks?: unknown })._streamResponseChunks;
  if (typeof streamChunks !== 'function' || isInherited(model, streamChunks)) return;
  overrideMethod(model, '_streamResponseChunks', function (this: unknown, ...args: unknown[]) {
    const stream = (streamChunks as StreamChunks).apply(this, args);
    const { runId } = Object(args[2]) as { readonly runId?: unknown };
    if (typeof runId === 'string' && typeof stream === 'object' && stream !== null) watch(stream, () => leave(runId));
    return stream;
  });
}

function watch(stream: object, leave: () => void): void {
  try {
    watchIterator(stream as AsyncIterator<unknown>, {
      chunk: () => {},
      end: () => {},
      fail: () => {},
      // If LangChain itself fails while it reads the stream, LangChain first closes the stream and then reports the
      // error to the callbacks. Wait for this report, so that the run ends with the error.
      leave: () => setImmediate(leave),
    });
    abandoned.register(stream, leave);
  } catch {
    // The stream can't be followed. If the consumer leaves this stream, the run counts as cancelled only after some
    // time without activity.
  }
}

/**
 * Whether the method is inherited from LangChain's base class.
 *
 * An inherited method must not be overridden: LangChain compares the model's method with the method of the base class
 * to detect whether the model can stream.
 */
function isInherited(model: object, streamChunks: unknown): boolean {
  for (let holder: object | null = model; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder, '_streamIterator')) {
      return Object.getOwnPropertyDescriptor(holder, '_streamResponseChunks')?.value === streamChunks;
    }
  }
  return true;
}
