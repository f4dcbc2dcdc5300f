import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Ending, Health } from './application.js';
import { activeGauges, type Counts, countsIn, sumOf } from './counts.js';

/** One look at the application. */
export interface Look extends Health {
  /** Since the beginning. */
  readonly seconds: number;
  readonly scrapeMilliseconds: number;
}

/** What a soak saw. */
export interface SoakResult {
  readonly looks: readonly Look[];
  readonly scrapes: number;
  /** How often a total was lower than at the scrape before. */
  readonly decreases: number;
  readonly ending: Ending;
  /** The same counts, as a scrape of the application tells them, and as the hub does. */
  readonly scraped: Counts;
  readonly pushed: Counts;
  /** What was still told to be under way. */
  readonly active: number;
}

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Puts an application under traffic, scrapes, threads that come and go and pushes, for so many minutes. */
export async function soak(minutes: number, onLook: (look: Look) => void): Promise<SoakResult> {
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
      return await watch({ application, url, hubUrl, minutes }, onLook);
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

async function watch({ application, url, hubUrl, minutes }: Watching, onLook: (look: Look) => void) {
  const looks: Look[] = [];
  const began = performance.now();
  let scrapes = 0;
  let decreases = 0;
  let before: Counts | undefined;
  while (performance.now() - began < minutes * 60_000) {
    const asked = performance.now();
    const now = countsIn(await scrape(url));
    const scrapeMilliseconds = performance.now() - asked;
    scrapes++;
    const names = Object.keys(now) as (keyof Counts)[];
    if (names.some((name) => now[name] < (before?.[name] ?? 0))) decreases++;
    before = now;
    if (scrapes % 5 === 1) {
      const health = await ask<Health>(application, 'health');
      const look = { ...health, seconds: (performance.now() - began) / 1_000, scrapeMilliseconds };
      looks.push(look);
      onLook(look);
    }
    await sleep(1_000);
  }
  const ending = await ask<Ending>(application, 'stop');
  const text = await scrape(url);
  return {
    looks,
    scrapes,
    decreases,
    ending,
    scraped: countsIn(text),
    pushed: countsIn(await scrape(hubUrl)),
    active: activeGauges.reduce((sum, gauge) => sum + sumOf(text, gauge), 0),
  };
}

async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`A scrape was answered with ${response.status}.`);
  return response.text();
}

async function ask<Answer>(application: ChildProcess, question: string): Promise<Answer> {
  application.send(question);
  const [answer] = (await once(application, 'message')) as [Answer];
  return answer;
}

/** Where a command says that it serves its metrics. */
async function urlIn({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('The command was started without a stderr.');
  for await (const line of createInterface({ input: stderr })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The command ended before it served its metrics.');
}
