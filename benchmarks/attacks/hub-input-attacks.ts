import { type IncomingMessage, request } from 'node:http';
import type { Attack } from './attack.js';
import { startCommand } from './victim.js';

const mebibyte = 2 ** 20;
/** The largest push, and the longest line. */
const [mostBytes, longestLine] = [4 * mebibyte, 65_000];

/** The labels of one line: as many as possible, with different names. */
const manyLabels = Array.from({ length: 7_000 }, (_, index) => `l${index.toString(36)}=""`)
  .join()
  .slice(0, longestLine)
  .replace(/,[^,]*$/, '');

/** A push of the largest size that repeats a line. `#` becomes the number of the line. */
function pushOf(line: string): string {
  const count = Math.floor((mostBytes - 1) / (line.length + 8));
  return Array.from({ length: count }, (_, index) => line.replace('#', String(index))).join('');
}

/** Pushes three times, and returns the slowest other response in milliseconds. */
async function slowestOther(body: string): Promise<number> {
  const victim = await startCommand(['metrics', '--port', '0'], /http:\/\/127\.0\.0\.1:(\d+)/);
  try {
    let isOver = false;
    let slowest = 0;
    const others = (async () => {
      while (!isOver) {
        const started = performance.now();
        await exchange(victim.port, 'GET', '/-/healthy');
        slowest = Math.max(slowest, performance.now() - started);
      }
    })();
    await exchange(victim.port, 'PUT', '/metrics/job/first', 'warm_up 1\n');
    slowest = 0;
    for (const job of ['a', 'b', 'c']) await exchange(victim.port, 'PUT', `/metrics/job/${job}`, body);
    isOver = true;
    await others;
    return slowest;
  } finally {
    await victim.stop();
  }
}

async function exchange(port: number, method: string, path: string, body = ''): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, agent: false }, resolve).on('error', reject).end(body);
  });
  for await (const _ of response);
}

/** When parsing was not linear, each of these pushes blocked the hub's event loop for 1 to 24 seconds. */
export const hubInputAttacks: readonly Attack[] = (
  [
    ['3 pushes of 4 MiB with thousands of labels a line', `m#{${manyLabels}} 1\n`],
    ['3 pushes of 4 MiB with 65,000 digits a value', `m# ${'1'.repeat(longestLine)}x\n`],
    ['3 pushes of 4 MiB with 32,000 escapes a value', `m{a="#${'\\\\'.repeat(longestLine / 2)}"} 1\n`],
    ['3 pushes of 4 MiB with comments only', '# HELP\n'],
  ] as const
).map(([name, line]) => ({
  target: 'hub',
  name,
  measure: 'slowest other response',
  unit: 'ms',
  limit: 250,
  run: () => slowestOther(pushOf(line)),
}));
