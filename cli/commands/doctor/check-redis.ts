import { RedisLink } from '@tinyllm/executor/servers';
import { StoreError } from '@tinyllm/executor/settings';
import { type Finding, failedWith, ok } from './finding.js';

const timeoutMilliseconds = 3000;
const defaultPort = 6379;
const localHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Checks that a Redis responds and accepts the credentials in its address. */
export async function checkRedis(address: string): Promise<Finding> {
  const link = new RedisLink(address, { deadlineMilliseconds: timeoutMilliseconds });
  try {
    const info = await link.use('answer', (client) => client.info('server'));
    const version = /^redis_version:(.*)$/m.exec(info)?.[1]?.trim() ?? '';
    return ok('redis', `${version} responds at ${link.address.shown}`.trim());
  } catch (error) {
    return failedWith('redis', error, error instanceof StoreError ? fixFor(error.message, address) : undefined);
  } finally {
    await link.close();
  }
}

function fixFor(message: string, address: string): string {
  if (/NOAUTH|WRONGPASS|ERR AUTH|NOPERM/.test(message)) {
    return 'put the user and password into the address: redis://USER:PASSWORD@HOST:PORT';
  }
  const { hostname, port } = new URL(address);
  const place = `${hostname} ${port || defaultPort}`;
  return localHost.test(hostname)
    ? `redis-server --port ${port || defaultPort}`
    : `start Redis on that host, or check the connection: nc -vz ${place}`;
}
