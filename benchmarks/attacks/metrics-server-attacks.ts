import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';
import { startModule, type Victim } from './victim.js';

const target = 'metrics server';

/** The default limit of series per metric: 18.7 MB of text. */
const manySeries = 10_000;
const scrape = 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
/** bcrypt, cost 10, of `secret`. */
const hash = '$2b$10$Gqyywd5.NHLApTTVCa9MUu8XvhFfztXuaUmQRtHYp1VCI6eG0ViYq';

/** An application and its metrics server. */
interface Application extends Victim {
  readonly metricsPort: number;
}

async function withApplication(
  args: readonly string[],
  attack: (victim: Application) => Promise<number>,
): Promise<number> {
  const victim = await startModule('./metrics-victim.js', args);
  try {
    const metricsPort = Number(await (await fetch(`http://127.0.0.1:${victim.port}`)).text());
    await (await fetch(`http://127.0.0.1:${metricsPort}/-/ready`)).text();
    victim.resetPeak();
    return await attack({ ...victim, metricsPort });
  } finally {
    await victim.stop();
  }
}

/** Opens connections, sends the same bytes over each and reads nothing. */
async function sendAndReadNothing(port: number, connections: number, bytes: string): Promise<Socket[]> {
  const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.pause().write(bytes);
  return sockets;
}

/** Scrapes as fast as it can until the given time, and returns how long each scrape took in milliseconds. */
async function scrapeUntil(end: number, port: number, headers: Record<string, string> = {}): Promise<number[]> {
  const times: number[] = [];
  while (Date.now() < end) {
    const started = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    await response.arrayBuffer();
    if (response.ok) times.push(performance.now() - started);
    else await sleep(100);
  }
  return times;
}

/** The response times of the application's own server. The next request follows 5 ms after each response. */
async function responseTimes(port: number, end: number): Promise<number[]> {
  const times: number[] = [];
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (; Date.now() < end; await sleep(5)) {
    const started = performance.now();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    times.push(performance.now() - started);
  }
  socket.destroy();
  return times;
}

const unread = (['thread', 'in-process'] as const).flatMap((where): Attack[] =>
  [
    { name: '1 connection pipelines 256 scrapes and reads nothing', connections: 1, bytes: scrape.repeat(256) },
    { name: '16 connections pipeline 16 scrapes each and read nothing', connections: 16, bytes: scrape.repeat(16) },
    { name: '256 connections scrape and read nothing', connections: 256, bytes: scrape },
  ].map(({ name, connections, bytes }) => ({
    target: where === 'thread' ? target : `${target}, no thread`,
    name,
    measure: 'memory growth',
    unit: 'MiB',
    limit: 100,
    run: () =>
      withApplication([where, String(manySeries), 'tinyllm'], async (victim) => {
        const sockets = await sendAndReadNothing(victim.metricsPort, connections, bytes);
        await sleep(15_000);
        for (const socket of sockets) socket.destroy();
        return victim.peakGrowth();
      }),
  })),
);

const passwords: Attack = {
  target,
  name: '50 wrong passwords per second, bcrypt cost 10',
  measure: 'slowest scrape with a verified password',
  unit: 'ms',
  limit: 500,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attack-'));
    const file = join(folder, 'web.yml');
    writeFileSync(file, `basic_auth_users:\n  alice: ${hash}\n`);
    try {
      return await withApplication(['thread', '100', 'tinyllm', file], async ({ metricsPort }) => {
        const right = { authorization: `Basic ${btoa('alice:secret')}` };
        await scrapeUntil(Date.now() + 500, metricsPort, right);
        const end = Date.now() + 20_000;
        const scrapes = scrapeUntil(end, metricsPort, right);
        const guesses: Promise<unknown>[] = [];
        for (let guess = 0; Date.now() < end; guess++) {
          const authorization = `Basic ${btoa(`alice:${guess}`)}`;
          guesses.push(
            fetch(`http://127.0.0.1:${metricsPort}/metrics`, { headers: { authorization } }).catch(() => {}),
          );
          await sleep(20);
        }
        return Math.max(...(await scrapes));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const foreign: Attack = {
  target,
  name: '8 scrapers in a loop, 10,000 series of prom-client',
  measure: 'slowest response of the application',
  unit: 'ms',
  limit: 250,
  run: () =>
    withApplication(['thread', '10000', 'prom-client'], async ({ port, metricsPort }) => {
      const end = Date.now() + 15_000;
      const scrapers = Array.from({ length: 8 }, () => scrapeUntil(end, metricsPort));
      const times = await responseTimes(port, end);
      await Promise.all(scrapers);
      return Math.max(...times);
    }),
};

export const metricsServerAttacks: readonly Attack[] = [...unread, passwords, foreign];
