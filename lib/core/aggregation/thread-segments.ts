import { isMainThread, threadId, type Worker } from 'node:worker_threads';
import { ThreadChannel, type ThreadMessage } from '../metrics/thread-channel.js';
import { EndedThreads } from './ended-threads.js';
import { IdRanges } from './id-ranges.js';
import { ENDED_THREADS } from './thread-numbers.js';

/** Is notified of the segments of threads. */
export interface SegmentFollower {
  /** A thread has a new segment. `index` counts the segments of the thread from 0. */
  add(thread: number, buffer: SharedArrayBuffer, index: number): void;
  /** A thread has ended. Keep its counts, and remove its gauges. A late message can still add a segment afterwards. */
  retire(thread: number): void;
}

/**
 * The segments of the other threads of the process, in the main thread.
 *
 * A thread that imports the package announces its segments, the threads that it starts, and the end of these threads.
 * When a thread ends, Node ends the threads that it has started, so they count as ended too. For ended threads, only
 * the sum of their counts and the ranges of their thread IDs are kept.
 *
 * A segment can arrive after its thread has ended. It can contain the removal of a series whose counts are already in
 * the sum. Such a removal has no effect. To subtract the counts, this class would have to keep the segments of ended
 * threads, up to 256 MiB each, because it doesn't know whether more segments will arrive.
 */
export class ThreadSegments {
  /** The segments of each live thread, by their index. */
  readonly #live = new Map<number, Map<number, SharedArrayBuffer>>();
  /**
   * For each segment index, the ended threads whose segment is already in the sum.
   *
   * A message can be repeated after its thread has ended. Its segment must not be added again.
   */
  readonly #summed: IdRanges[] = [];
  readonly #ended = new EndedThreads();
  readonly #endedThreads = new IdRanges();
  /** The threads that each thread has started, and which may still run. */
  readonly #startedBy = new Map<number, Set<number>>();
  /** The starter of each of these threads. */
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
      channel.send({ type: 'started', thread, by: threadId });
      worker.once('exit', () => {
        this.#forgetStart(thread);
        channel.send({ type: 'ended', thread });
      });
    });
  }

  /** Notifies a follower of the sum of ended threads, of all segments, and of all later changes. */
  follow(follower: SegmentFollower): void {
    this.#open();
    const ended = this.#ended.copy();
    ended.forEach((buffer, index) => {
      follower.add(ENDED_THREADS, buffer, index);
    });
    if (ended.length > 0) follower.retire(ENDED_THREADS);
    for (const [thread, buffers] of this.#live) {
      for (const [index, buffer] of buffers) follower.add(thread, buffer, index);
    }
    this.#followers.add(follower);
  }

  unfollow(follower: SegmentFollower): void {
    this.#followers.delete(follower);
  }

  /** Whether any other thread or cluster worker has ever had a segment. */
  get hasSeenAny(): boolean {
    return this.#hasSeenAny;
  }

  /** The number of stored threads and ranges of threads. */
  get rememberedCount(): number {
    const ranges = [this.#endedThreads, ...this.#summed].reduce((sum, { rangeCount }) => sum + rangeCount, 0);
    return this.#live.size + this.#startedBy.size + this.#starters.size + ranges;
  }

  /** Adds a segment of a thread or a cluster worker. `index` counts its segments from 0. */
  add(thread: number, buffer: SharedArrayBuffer, index = 0): void {
    const buffers = this.#live.get(thread) ?? new Map<number, SharedArrayBuffer>();
    if (buffers.has(index) || this.#summed[index]?.has(thread)) return;
    this.#hasSeenAny = true;
    this.#live.set(thread, buffers.set(index, buffer));
    for (const follower of this.#followers) follower.add(thread, buffer, index);
    // The message of a short-lived thread can arrive after the thread has ended.
    if (this.#endedThreads.has(thread)) this.retire(thread);
  }

  /** Marks a thread and the threads that it has started as ended. Their counts are kept. */
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
      this.#summed[index] ??= new IdRanges();
      this.#summed[index].add(thread);
    }
    this.#ended.add(thread, buffers);
    for (const follower of this.#followers) follower.retire(thread);
  }

  #open(): ThreadChannel {
    if (this.#channel !== undefined) return this.#channel;
    const channel = new ThreadChannel((message) => (isMainThread ? this.#onMessage(message) : this.#resend(message)));
    this.#channel = channel;
    if (isMainThread) channel.send({ type: 'ask' });
    return channel;
  }

  #onMessage(message: ThreadMessage): void {
    if (message.type === 'segment') this.add(message.thread, message.buffer, message.index);
    if (message.type === 'ended') this.retire(message.thread);
    if (message.type === 'started') this.#started(message.thread, message.by);
  }

  /** Announces the started threads again, because the main thread may have missed the first message. */
  #resend({ type }: ThreadMessage): void {
    if (type !== 'ask') return;
    for (const thread of this.#startedBy.get(threadId) ?? []) {
      this.#channel?.send({ type: 'started', thread, by: threadId });
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

/** Returns the single instance of this thread, which all copies of the package share. */
export function threadSegments(): ThreadSegments {
  const scope = globalThis as { [SHARED]?: ThreadSegments };
  scope[SHARED] ??= new ThreadSegments();
  return scope[SHARED];
}
