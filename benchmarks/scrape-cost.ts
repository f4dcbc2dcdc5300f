import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Watched } from './scrape-server.js';
import { type Summary, summarize } from './statistics.js';
import type { Library } from './subjects/histograms.js';

/** The cost of scraping a process, for the process and for the client. */
export interface ScrapeCost {
  readonly library: Library;
  readonly series: number;
  /** Milliseconds from the request to the last byte. */
  readonly time: Summary;
  readonly bytes: number;
  /** Milliseconds for which ten scrapes blocked the main thread. */
  readonly stall: Summary;
  /** The longest delay of a timer on the main thread, in milliseconds. */
  readonly worst: Summary;
}

const LIBRARIES: readonly Library[] = ['tinyllm', 'prom-client'];
const SCRAPES = 10;
const IDLE_MILLISECONDS = 500;

/** Scrapes one process of each library, in turns. */
export async function measureScrapes(series: number, rounds: number): Promise<ScrapeCost[]> {
  const servers = await Promise.all(LIBRARIES.map((library) => ScrapedProcess.start(library, series)));
  try {
    for (let round = -1; round < rounds; round++) {
      for (const server of servers) await server.scrapeTenTimes(round >= 0);
    }
    return servers.map((server) => server.cost());
  } finally {
    for (const server of servers) server.stop();
  }
}

class ScrapedProcess {
  readonly #times: number[] = [];
  readonly #stalls: number[] = [];
  readonly #worst: number[] = [];
  #bytes = 0;

  private constructor(
    private readonly library: Library,
    private readonly series: number,
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(library: Library, series: number): Promise<ScrapedProcess> {
    const child = fork(new URL('./scrape-server.js', import.meta.url), [library, String(series)]);
    const [url] = (await once(child, 'message')) as [string];
    return new ScrapedProcess(library, series, child, url);
  }

  async scrapeTenTimes(keep: boolean): Promise<void> {
    const idle = await this.#watch(() => sleep(IDLE_MILLISECONDS));
    const times: number[] = [];
    const started = performance.now();
    const scraped = await this.#watch(async () => {
      for (let scrape = 0; scrape < SCRAPES; scrape++) times.push(await this.#scrape());
    });
    if (!keep) return;
    // The idle time before shows the cost of the monitoring itself.
    const ownCost = (idle.busyMilliseconds / IDLE_MILLISECONDS) * (performance.now() - started);
    this.#times.push(...times);
    this.#stalls.push(Math.max(0, scraped.busyMilliseconds - ownCost));
    this.#worst.push(scraped.worstMilliseconds);
  }

  cost(): ScrapeCost {
    const { library, series } = this;
    const [time, stall, worst] = [this.#times, this.#stalls, this.#worst].map(summarize) as [Summary, Summary, Summary];
    return { library, series, time, bytes: this.#bytes, stall, worst };
  }

  stop(): void {
    this.child.disconnect();
  }

  async #watch(work: () => Promise<unknown>): Promise<Watched> {
    await this.#ask('start');
    await work();
    return (await this.#ask('stop')) as Watched;
  }

  async #ask(message: string): Promise<unknown> {
    const answer = once(this.child, 'message');
    this.child.send(message);
    return (await answer)[0];
  }

  async #scrape(): Promise<number> {
    const started = performance.now();
    this.#bytes = await sizeOf(this.url);
    return performance.now() - started;
  }
}

function sizeOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    });
    request.on('error', reject);
  });
}
