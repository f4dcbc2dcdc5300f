import { ListenError, startMetricsServer } from 'tinyllm';
import { catalog } from 'tinyllm/catalog';
import { metricsAreOff } from 'tinyllm/configuration';
import { readText } from 'tinyllm/recording';
import { localhost } from '../../command/common-flags.js';
import { type Finding, failed, failedWith, ok } from './finding.js';

const timeoutMilliseconds = 2000;
const limits = { bytes: 64 * 1024 ** 2 };

/**
 * Checks that metrics can be served and read on a port.
 *
 * @param port The port, or 0 for any free port.
 * @param thread Whether to serve from a separate thread, like `tinyllm run`. Default true.
 */
export async function checkMetrics(port: number, thread = true): Promise<Finding> {
  try {
    const server = await startMetricsServer({ port, host: localhost, thread });
    const url = `${server.url}/metrics`;
    const text = await read(url)
      .catch(() => undefined)
      .finally(() => server.close());
    if (text?.includes(catalog.systemInfo.name)) return ok('metrics', `metrics can be served and read at ${url}`);
    if (text !== undefined && metricsAreOff()) return ok('metrics', `a server of disabled metrics responds at ${url}`);
    return failed('metrics', `metrics are served at ${url}, but cannot be read`, 'check firewalls and proxies');
  } catch (error) {
    if (!isPortInUse(error)) return failedWith('metrics', error);
    return failed(
      'metrics',
      `port ${port} is in use by ${await describePortOwner(port)}`,
      `use --metrics-port 0 for any free port; \`${ownerCommand(port)}\` shows the process`,
    );
  }
}

/** Compares the message, because an error from the scrape thread has no cause. */
function isPortInUse(error: unknown): boolean {
  return error instanceof ListenError && / is already in use;/.test(error.message);
}

async function describePortOwner(port: number): Promise<string> {
  const url = `http://${localhost}:${port}/metrics`;
  const text = await read(url).catch(() => undefined);
  if (text === undefined) return 'a program that is no HTTP server';
  if (!text.includes(catalog.systemInfo.name)) return 'another HTTP server';
  const counted = text.split('\n').filter((line) => line.startsWith(`${catalog.requests.name}{`));
  const requests = counted.reduce((sum, line) => sum + Number(/} (\S+)/.exec(line)?.[1] ?? 0), 0);
  return `a TinyLLM process, which serves ${url} and has counted ${requests} requests`;
}

async function read(url: string): Promise<string> {
  // The server may stop after this request, so don't keep the connection open for another request.
  const headers = { Connection: 'close' };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMilliseconds) });
  // A body that is too large or too slow doesn't come from TinyLLM.
  return readText(response, limits, () => new Error('The response is too long.')).catch(() => '');
}

function ownerCommand(port: number): string {
  if (process.platform === 'win32') return `netstat -ano | findstr :${port}`;
  return process.platform === 'linux' ? `ss -ltnp 'sport = :${port}'` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}
