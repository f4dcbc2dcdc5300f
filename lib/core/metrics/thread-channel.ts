import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import type { Segment } from './segment.js';
import type { SegmentChain } from './segment-chain.js';

/** Messages between the threads of a process about their segments. */
export type ThreadMessage =
  /** Requests all threads to announce their segments. */
  | { readonly type: 'ask' }
  /** `index` is the index of the segment in the thread. */
  | { readonly type: 'segment'; readonly thread: number; readonly index: number; readonly buffer: SharedArrayBuffer }
  /** A thread other than the main thread started a thread. */
  | { readonly type: 'started'; readonly thread: number; readonly by: number }
  | { readonly type: 'ended'; readonly thread: number };

/** A channel to every thread of the process. It keeps no thread alive. */
export class ThreadChannel {
  readonly #channel = new BroadcastChannel('tinyllm.segments');

  constructor(onMessage: (message: ThreadMessage) => void) {
    this.#channel.onmessage = (event: unknown) => onMessage((event as { readonly data: ThreadMessage }).data);
    // Node's channels have `unref`. The type of the web standard doesn't.
    (this.#channel as unknown as { unref(): void }).unref();
  }

  send(message: ThreadMessage): void {
    this.#channel.postMessage(message);
  }
}

/** Announces each segment of this thread to the main thread. Has no effect in the main thread. */
export function announceSegments(memory: SegmentChain): void {
  if (isMainThread) return;
  const announce = ({ buffer }: Segment, index: number): void =>
    channel.send({ type: 'segment', thread: threadId, index, buffer });
  const channel = new ThreadChannel((message) => {
    if (message.type === 'ask') memory.segments.forEach(announce);
  });
  memory.follow(announce);
}
