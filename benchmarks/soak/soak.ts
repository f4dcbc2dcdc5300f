import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FinalCounts, Health } from './application.js';
import { activeGauges, type Counts, countsIn, sumOf } from './counts.js';

/** The state of the application at one time. */
export interface Sample extends Health {
  /** Seconds since the start of the soak. */
  readonly seconds: number;
  readonly scrapeMilliseconds: number;
}

/** The result of a soak. */
export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly scrapes: number;
  /** The number of scrapes in which a total was lower than in the previous scrape. */
  readonly decreases: number;
  readonly final: FinalCounts;
  /** The same counts, read from a scrape of the application and from a scrape of the hub. */
  readonly scraped: Counts;
  readonly pushed: Counts;
  /** Calls that the gauges still show in flight at the end. */
  readonly active: number;
}

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Runs an application with traffic, short-lived threads, scrapes and pushes for the given minutes. */
export async function soak(minutes: number, onSample: (sample: Sample) => void): Promise<SoakResult> {
  const hub = spawn(
    process.execPath,
    [built('../../../../cli/bin/tinyllm.js'), 'metrics', '--port', '0', '--no-page'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  try {
    const hubUrl = await urlIn(hub);
    const application = fork(built('./application.js'), [hubUrl]);
    const [url] = (await once(application, 'message')) as [string];
    try {
      return await watch({ application, url, hubUrl, minutes }, onSample);
    } finally {
      application.kill();
    }
  } finally {
    hub.kill();
  }
}

interface Watching {
  readonly application: ChildProcess;
  readonly url: string;
  readonly hubUrl: string;
  readonly minutes: number;
}

async function watch({ application, url, hubUrl, minutes }: Watching, onSample: (sample: Sample) => void) {
  const samples: Sample[] = [];
  const began = performance.now();
  let scrapes = 0;
  let decreases = 0;
  let before: Counts | undefined;
  while (performance.now() - began < minutes * 60_000) {
    const started = performance.now();
    const now = countsIn(await scrape(url));
    const scrapeMilliseconds = performance.now() - started;
    scrapes++;
    const names = Object.keys(now) as (keyof Counts)[];
    if (names.some((name) => now[name] < (before?.[name] ?? 0))) decreases++;
    before = now;
    if (scrapes % 5 === 1) {
      const health = await ask<Health>(application, 'health');
      const sample = { ...health, seconds: (performance.now() - began) / 1_000, scrapeMilliseconds };
      samples.push(sample);
      onSample(sample);
    }
    await sleep(1_000);
  }
  const final = await ask<FinalCounts>(application, 'stop');
  const text = await scrape(url);
  return {
    samples,
    scrapes,
    decreases,
    final,
    scraped: countsIn(text),
    pushed: countsIn(await scrape(hubUrl)),
    active: activeGauges.reduce((sum, gauge) => sum + sumOf(text, gauge), 0),
  };
}

async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`A scrape of ${url} returned status ${response.status}; expected 200.`);
  return response.text();
}

async function ask<Answer>(application: ChildProcess, question: string): Promise<Answer> {
  application.send(question);
  const [answer] = (await once(application, 'message')) as [Answer];
  return answer;
}

/** Reads the URL of the metrics server from the standard error of a command. */
async function urlIn({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('The command has no standard error; expected a pipe.');
  for await (const line of createInterface({ input: stderr })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The command exited before it printed the URL of its metrics.');
}
