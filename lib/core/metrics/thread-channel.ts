import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import type { Segment } from './segment.js';
import type { SegmentChain } from './segment-chain.js';

/** What the threads of a process tell each other of their segments. */
export type ThreadMessage =
  /** Whoever has a segment is asked to tell. */
  | { readonly type: 'ask' }
  /** `index` counts the segments of the thread. */
  | { readonly type: 'segment'; readonly thread: number; readonly index: number; readonly buffer: SharedArrayBuffer }
  /** A thread was started, by another than the main one. */
  | { readonly type: 'started'; readonly thread: number; readonly by: number }
  | { readonly type: 'ended'; readonly thread: number };

/** A channel to every thread of the process; it keeps no thread alive. */
export class ThreadChannel {
  readonly #channel = new BroadcastChannel('tinyllm.segments');

  constructor(onMessage: (message: ThreadMessage) => void) {
    this.#channel.onmessage = (event: unknown) => onMessage((event as { readonly data: ThreadMessage }).data);
    // Node's channels have `unref`, which the type of the web's standard lacks.
    (this.#channel as unknown as { unref(): void }).unref();
  }

  tell(message: ThreadMessage): void {
    this.#channel.postMessage(message);
  }
}

/** Tells the main thread of each segment of this thread, when this is another thread than the main one. */
export function announceSegments(memory: SegmentChain): void {
  if (isMainThread) return;
  const announce = ({ buffer }: Segment, index: number): void =>
    channel.tell({ type: 'segment', thread: threadId, index, buffer });
  const channel = new ThreadChannel((message) => {
    if (message.type === 'ask') memory.segments.forEach(announce);
  });
  memory.follow(announce);
}
