import { isMainThread, type Worker } from 'node:worker_threads';
import { ThreadChannel } from '../metrics/thread-channel.js';
import { EndedThreads } from './ended-threads.js';

/** Who follows the threads' segments as they come and go. */
export interface SegmentFollower {
  add(number: number, buffer: SharedArrayBuffer): void;
  /** The thread of a segment has ended: its counts stay, its gauges go. */
  retire(number: number): void;
}

/** What ended threads have left goes by this number, which no segment has. */
const LEFT_BEHIND = Number.MIN_SAFE_INTEGER;

/**
 * The segments of the process's other threads, as the main thread knows them.
 *
 * A thread that imports the package tells of its segment; that it has ended, the thread that started it sees.
 */
export class ThreadSegments {
  readonly #live = new Map<number, SharedArrayBuffer>();
  readonly #ended = new EndedThreads();
  readonly #endedThreads = new Set<number>();
  readonly #followers = new Set<SegmentFollower>();
  #channel: ThreadChannel | undefined;

  constructor() {
    process.on('worker', (worker: Worker) => {
      this.#open();
      const { threadId: thread } = worker;
      // Only the thread that started another sees it end: one that is not the main thread passes it on.
      worker.once('exit', () => (isMainThread ? this.retire(thread) : this.#channel?.tell({ type: 'ended', thread })));
    });
  }

  /** Tells a follower of the segments there are, what ended threads have left, and all that comes. */
  follow(follower: SegmentFollower): void {
    this.#open();
    const left = this.#ended.copy();
    if (left !== undefined) {
      follower.add(LEFT_BEHIND, left);
      follower.retire(LEFT_BEHIND);
    }
    for (const [thread, buffer] of this.#live) follower.add(thread, buffer);
    this.#followers.add(follower);
  }

  unfollow(follower: SegmentFollower): void {
    this.#followers.delete(follower);
  }

  /** A thread, or whatever else has a segment of its own, is there. */
  add(thread: number, buffer: SharedArrayBuffer): void {
    if (this.#live.has(thread)) return;
    this.#live.set(thread, buffer);
    for (const follower of this.#followers) follower.add(thread, buffer);
    // A short-lived thread may be gone before its word has come.
    if (this.#endedThreads.has(thread)) this.retire(thread);
  }

  #open(): void {
    if (this.#channel !== undefined) return;
    this.#channel = new ThreadChannel((message) => {
      if (!isMainThread) return;
      if (message.type === 'segment') this.add(message.thread, message.buffer);
      if (message.type === 'ended') this.retire(message.thread);
    });
    if (isMainThread) this.#channel.tell({ type: 'ask' });
  }

  /** It has ended: what it counted is kept. */
  retire(thread: number): void {
    this.#endedThreads.add(thread);
    const buffer = this.#live.get(thread);
    if (buffer === undefined) return;
    this.#live.delete(thread);
    this.#ended.keep(thread, buffer);
    for (const follower of this.#followers) follower.retire(thread);
  }
}

const SHARED = Symbol.for('tinyllm.thread-segments');

/** The process's one view of its threads. */
export function threadSegments(): ThreadSegments {
  const scope = globalThis as { [SHARED]?: ThreadSegments };
  scope[SHARED] ??= new ThreadSegments();
  return scope[SHARED];
}
