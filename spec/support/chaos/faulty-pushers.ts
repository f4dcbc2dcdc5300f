import { setTimeout as sleep } from 'node:timers/promises';

interface Pusher {
  /** What was counted by earlier runs of the pusher, which all ended after an acknowledged push. */
  before: number;
  /** What this run has counted. */
  counted: number;
  /** What the last acknowledged push of this run said. */
  acknowledged: number;
}

/** Jobs that push a counter to a hub again and again, and restart from zero at times. */
export class FaultyPushers {
  readonly #pushers: readonly Pusher[];
  #isRunning = true;
  readonly #ended: Promise<unknown>;

  constructor(
    private readonly url: string,
    count: number,
  ) {
    this.#pushers = Array.from({ length: count }, () => ({ before: 0, counted: 0, acknowledged: 0 }));
    this.#ended = Promise.all(this.#pushers.map((pusher, index) => this.#run(pusher, index)));
  }

  /** What all acknowledged pushes state; the hub has at least this. */
  get acknowledged(): number {
    return this.#pushers.reduce((sum, { before, acknowledged }) => sum + before + acknowledged, 0);
  }

  /** What all pushes stated, acknowledged or not; the hub has at most this. */
  get counted(): number {
    return this.#pushers.reduce((sum, { before, counted }) => sum + before + counted, 0);
  }

  /** Ends each pusher after an acknowledged push. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#ended;
  }

  async #run(pusher: Pusher, index: number): Promise<void> {
    while (this.#isRunning || pusher.acknowledged !== pusher.counted) {
      // A restart is visible only if the new run's first value is below the last value of the run before.
      if (this.#isRunning && (pusher.counted === 0 || pusher.acknowledged > 0)) pusher.counted++;
      const value = pusher.counted;
      const body = `# TYPE work_total counter\nwork_total ${value}\n# TYPE pushers gauge\npushers 1\n`;
      const isTaken = await this.#push(`${this.url}/metrics/job/chaos/instance/${index}`, body);
      if (!isTaken) {
        await sleep(20);
        continue;
      }
      pusher.acknowledged = value;
      if (value >= 20 + 5 * index && this.#isRunning) {
        pusher.before += value;
        pusher.counted = 0;
        pusher.acknowledged = 0;
      }
    }
  }

  async #push(url: string, body: string): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(5_000);
      const response = await fetch(url, { method: 'PUT', body, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
