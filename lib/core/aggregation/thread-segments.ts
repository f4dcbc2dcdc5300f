import { isMainThread, threadId, type Worker } from 'node:worker_threads';
import { ThreadChannel, type ThreadMessage } from '../metrics/thread-channel.js';
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
 * A thread that imports the package tells of its segment, and of the threads it starts; that one has ended, the thread
 * that started it sees. A thread that ends takes with it those it has started, and nobody is left to see them end: they
 * are taken for ended too.
 */
export class ThreadSegments {
  readonly #live = new Map<number, SharedArrayBuffer>();
  /** Every thread that has told of its segment: its word may come twice, and the second time after its end. */
  readonly #known = new Set<number>();
  readonly #ended = new EndedThreads();
  readonly #endedThreads = new Set<number>();
  /** What each thread has started that may be there still. */
  readonly #startedBy = new Map<number, Set<number>>();
  readonly #followers = new Set<SegmentFollower>();
  #channel: ThreadChannel | undefined;

  constructor() {
    process.on('worker', (worker: Worker) => {
      const channel = this.#open();
      const { threadId: thread } = worker;
      if (isMainThread) {
        worker.once('exit', () => this.retire(thread));
        return;
      }
      this.#started(thread, threadId);
      channel.tell({ type: 'started', thread, by: threadId });
      worker.once('exit', () => {
        this.#startedBy.get(threadId)?.delete(thread);
        channel.tell({ type: 'ended', thread });
      });
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

  /** Whether a thread, or whatever else has a segment of its own, has ever been there. */
  get hasSeenAny(): boolean {
    return this.#known.size > 0;
  }

  /** A thread, or whatever else has a segment of its own, is there. */
  add(thread: number, buffer: SharedArrayBuffer): void {
    if (this.#known.has(thread)) return;
    this.#known.add(thread);
    this.#live.set(thread, buffer);
    for (const follower of this.#followers) follower.add(thread, buffer);
    // A short-lived thread may be gone before its word has come.
    if (this.#endedThreads.has(thread)) this.retire(thread);
  }

  /** It has ended: what it counted is kept. So have the threads it started. */
  retire(thread: number): void {
    this.#endedThreads.add(thread);
    const started = this.#startedBy.get(thread) ?? [];
    this.#startedBy.delete(thread);
    for (const one of started) this.retire(one);
    const buffer = this.#live.get(thread);
    if (buffer === undefined) return;
    this.#live.delete(thread);
    this.#ended.keep(thread, buffer);
    for (const follower of this.#followers) follower.retire(thread);
  }

  #open(): ThreadChannel {
    if (this.#channel !== undefined) return this.#channel;
    const channel = new ThreadChannel((message) => (isMainThread ? this.#hear(message) : this.#answer(message)));
    this.#channel = channel;
    if (isMainThread) channel.tell({ type: 'ask' });
    return channel;
  }

  #hear(message: ThreadMessage): void {
    if (message.type === 'segment') this.add(message.thread, message.buffer);
    if (message.type === 'ended') this.retire(message.thread);
    if (message.type === 'started') this.#started(message.thread, message.by);
  }

  /** Tells once more what the main thread may not have been there to hear. */
  #answer({ type }: ThreadMessage): void {
    if (type !== 'ask') return;
    for (const thread of this.#startedBy.get(threadId) ?? []) {
      this.#channel?.tell({ type: 'started', thread, by: threadId });
    }
  }

  #started(thread: number, by: number): void {
    if (this.#endedThreads.has(thread)) return;
    if (this.#endedThreads.has(by)) {
      this.retire(thread);
      return;
    }
    const started = this.#startedBy.get(by) ?? new Set();
    this.#startedBy.set(by, started.add(thread));
  }
}

const SHARED = Symbol.for('tinyllm.thread-segments');

/** The process's one view of its threads. */
export function threadSegments(): ThreadSegments {
  const scope = globalThis as { [SHARED]?: ThreadSegments };
  scope[SHARED] ??= new ThreadSegments();
  return scope[SHARED];
}
