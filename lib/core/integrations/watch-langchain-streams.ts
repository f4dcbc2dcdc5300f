import { setImmediate } from 'node:timers';
import { shadow } from '../recording/shadow.js';
import { watchIterator } from '../recording/watch-iterator.js';

/** Called with the run whose consumer has left its stream. */
type Leave = (runId: string) => void;

type StreamChunks = (this: unknown, ...args: unknown[]) => unknown;

/** Streams that nobody read to an end and nobody can any more. */
const abandoned = new FinalizationRegistry<() => void>((leave) => leave());

/**
 * Finds the streams of a LangChain.js model that are left before their end, of which LangChain tells its callbacks nothing.
 *
 * The model's integration creates each stream in `_streamResponseChunks`, whose third argument is the manager of the run.
 */
export function watchLangChainStreams(model: object, leave: Leave): void {
  const streamChunks = (model as { readonly _streamResponseChunks?: unknown })._streamResponseChunks;
  if (typeof streamChunks !== 'function' || isInherited(model, streamChunks)) return;
  shadow(model, '_streamResponseChunks', function (this: unknown, ...args: unknown[]) {
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
      // LangChain closes the stream before it reports an error of its own, which then comes at once.
      leave: () => setImmediate(leave),
    });
    abandoned.register(stream, leave);
  } catch {
    // A stream that can't be followed is cancelled when there has been no news of it for a while.
  }
}

/** Whether the method is that of LangChain's base class, which compares it to find out whether a model can stream. */
function isInherited(model: object, streamChunks: unknown): boolean {
  for (let holder: object | null = model; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder, '_streamIterator')) {
      return Object.getOwnPropertyDescriptor(holder, '_streamResponseChunks')?.value === streamChunks;
    }
  }
  return true;
}
