import { isMainThread, threadId, type Worker } from 'node:worker_threads';
import { ThreadChannel, type ThreadMessage } from '../metrics/thread-channel.js';
import { EndedThreads } from './ended-threads.js';
import { IdRanges } from './id-ranges.js';

/** Who follows the threads' segments as they come and go. */
export interface SegmentFollower {
  /** A thread has a segment; `index` counts its segments from 0. */
  add(thread: number, buffer: SharedArrayBuffer, index: number): void;
  /** A thread has ended: its counts stay, its gauges go. A late message can add a segment after that. */
  retire(thread: number): void;
}

/** What ended threads have left goes by this number, which no thread has. */
const LEFT_BEHIND = Number.MIN_SAFE_INTEGER;

/**
 * The segments of the process's other threads, as the main thread knows them.
 *
 * A thread that imports the package announces its segments and the threads that it starts. It also announces when one of
 * these threads has ended. If a thread ends, Node ends the threads that it has started, so they count as ended too. For
 * ended threads, only the sum of their counts and ranges of their thread IDs are kept.
 */
export class ThreadSegments {
  /** The segments of each live thread, by their index. */
  readonly #live = new Map<number, Map<number, SharedArrayBuffer>>();
  /** By segment index, the threads whose segment is in the sum. A message may arrive again after the thread has ended. */
  readonly #kept: IdRanges[] = [];
  readonly #ended = new EndedThreads();
  readonly #endedThreads = new IdRanges();
  /** What each thread has started that may be there still. */
  readonly #startedBy = new Map<number, Set<number>>();
  /** The thread that started each of those. */
  readonly #starters = new Map<number, number>();
  #hasSeenAny = false;
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
        this.#forgetStart(thread);
        channel.tell({ type: 'ended', thread });
      });
    });
  }

  /** Tells a follower of the segments there are, what ended threads have left, and all that comes. */
  follow(follower: SegmentFollower): void {
    this.#open();
    const left = this.#ended.copy();
    left.forEach((buffer, index) => {
      follower.add(LEFT_BEHIND, buffer, index);
    });
    if (left.length > 0) follower.retire(LEFT_BEHIND);
    for (const [thread, buffers] of this.#live) {
      for (const [index, buffer] of buffers) follower.add(thread, buffer, index);
    }
    this.#followers.add(follower);
  }

  unfollow(follower: SegmentFollower): void {
    this.#followers.delete(follower);
  }

  /** Whether a thread, or whatever else has segments of its own, has ever been there. */
  get hasSeenAny(): boolean {
    return this.#hasSeenAny;
  }

  /** How many threads and ranges of threads are remembered. */
  get rememberedCount(): number {
    const ranges = [this.#endedThreads, ...this.#kept].reduce((sum, { rangeCount }) => sum + rangeCount, 0);
    return this.#live.size + this.#startedBy.size + this.#starters.size + ranges;
  }

  /** A thread, or whatever else has segments of its own, has this one; `index` counts its segments from 0. */
  add(thread: number, buffer: SharedArrayBuffer, index = 0): void {
    const buffers = this.#live.get(thread) ?? new Map<number, SharedArrayBuffer>();
    if (buffers.has(index) || this.#kept[index]?.has(thread)) return;
    this.#hasSeenAny = true;
    this.#live.set(thread, buffers.set(index, buffer));
    for (const follower of this.#followers) follower.add(thread, buffer, index);
    // A short-lived thread may be gone before its word has come.
    if (this.#endedThreads.has(thread)) this.retire(thread);
  }

  /** It has ended: what it counted is kept. So have the threads it started. */
  retire(thread: number): void {
    this.#endedThreads.add(thread);
    this.#forgetStart(thread);
    const started = this.#startedBy.get(thread) ?? [];
    this.#startedBy.delete(thread);
    for (const one of started) this.retire(one);
    const buffers = this.#live.get(thread);
    if (buffers === undefined) return;
    this.#live.delete(thread);
    for (const index of buffers.keys()) {
      this.#kept[index] ??= new IdRanges();
      this.#kept[index].add(thread);
    }
    this.#ended.keep(thread, buffers);
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
    if (message.type === 'segment') this.add(message.thread, message.buffer, message.index);
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
    this.#starters.set(thread, by);
  }

  #forgetStart(thread: number): void {
    const by = this.#starters.get(thread);
    if (by === undefined) return;
    this.#starters.delete(thread);
    const started = this.#startedBy.get(by);
    started?.delete(thread);
    if (started?.size === 0) this.#startedBy.delete(by);
  }
}

const SHARED = Symbol.for('tinyllm.thread-segments');

/** The process's one view of its threads. */
export function threadSegments(): ThreadSegments {
  const scope = globalThis as { [SHARED]?: ThreadSegments };
  scope[SHARED] ??= new ThreadSegments();
  return scope[SHARED];
}
