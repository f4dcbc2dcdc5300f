import { ListenError, startMetricsServer } from 'tinyllm';
import { catalog } from 'tinyllm/catalog';
import { readText } from 'tinyllm/recording';
import { localhost } from '../../command/common-flags.js';
import { type Finding, failed, failedBy, ok } from './finding.js';

const answerWithin = 2000;
const limits = { bytes: 64 * 1024 ** 2 };

/**
 * Looks whether metrics can be served on a port, and read there.
 *
 * @param port 0 for any free one.
 * @param thread Whether by a thread of its own, as in a run; default so.
 */
export async function checkMetrics(port: number, thread = true): Promise<Finding> {
  try {
    const server = await startMetricsServer({ port, host: localhost, thread });
    const url = `${server.url}/metrics`;
    const text = await read(url)
      .catch(() => '')
      .finally(() => server.close());
    if (text.includes(catalog.systemInfo.name)) return ok('metrics', `served and read at ${url}`);
    return failed(
      'metrics',
      `served at ${url}, but cannot be read there`,
      'see what stands between: a firewall, a proxy',
    );
  } catch (error) {
    if (!isTaken(error)) return failedBy('metrics', error);
    return failed(
      'metrics',
      `port ${port} is taken, by ${await whoHas(port)}`,
      `--metrics-port 0 picks a free one; \`${namesOwner(port)}\` shows whose it is`,
    );
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof ListenError && / is already in use;/.test(error.message);
}

async function whoHas(port: number): Promise<string> {
  const url = `http://${localhost}:${port}/metrics`;
  const text = await read(url).catch(() => undefined);
  if (text === undefined) return 'a program that does not speak HTTP';
  if (!text.includes(catalog.systemInfo.name)) return 'another HTTP server';
  const counted = text.split('\n').filter((line) => line.startsWith(`${catalog.requests.name}{`));
  const requests = counted.reduce((sum, line) => sum + Number(/} (\S+)/.exec(line)?.[1] ?? 0), 0);
  return `a TinyLLM that serves ${url} and has counted ${requests} requests`;
}

async function read(url: string): Promise<string> {
  // A connection that is kept would be to a server that is gone when the port is looked at again.
  const headers = { Connection: 'close' };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(answerWithin) });
  // A body that is too long or too slow is none of ours.
  return readText(response, limits, () => new Error('The response is too long.')).catch(() => '');
}

function namesOwner(port: number): string {
  if (process.platform === 'win32') return `netstat -ano | findstr :${port}`;
  return process.platform === 'linux' ? `ss -ltnp 'sport = :${port}'` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}
