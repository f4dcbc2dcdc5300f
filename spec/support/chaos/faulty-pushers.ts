import { setTimeout as sleep } from 'node:timers/promises';

interface Pusher {
  /** The count of the pusher's earlier runs, which all ended after an acknowledged push. */
  before: number;
  /** The count of the current run. */
  counted: number;
  /** The count in the last acknowledged push of the current run. */
  acknowledged: number;
}

/** Jobs that push a counter to a hub repeatedly, and sometimes restart from zero. */
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

  /** The total of all acknowledged pushes. The hub's total is at least this. */
  get acknowledged(): number {
    return this.#pushers.reduce((sum, { before, acknowledged }) => sum + before + acknowledged, 0);
  }

  /** The total of all pushes, acknowledged or not. The hub's total is at most this. */
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
      const isAcknowledged = await this.#push(`${this.url}/metrics/job/chaos/instance/${index}`, body);
      if (!isAcknowledged) {
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
