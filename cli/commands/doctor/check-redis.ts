import { RedisLink } from '@tinyllm/executor/servers';
import { StoreError } from '@tinyllm/executor/settings';
import { type Finding, failedBy, ok } from './finding.js';

const answerWithin = 3000;
const defaultPort = 6379;
const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Looks whether a Redis answers, and takes the user and the password in its address. */
export async function checkRedis(address: string): Promise<Finding> {
  const link = new RedisLink(address, { deadlineMilliseconds: answerWithin });
  try {
    const info = await link.use('answer', (client) => client.info('server'));
    const version = /^redis_version:(.*)$/m.exec(info)?.[1]?.trim() ?? '';
    return ok('redis', `${version} answers at ${link.address.shown}`.trim());
  } catch (error) {
    return failedBy('redis', error, error instanceof StoreError ? fixFor(error.message, address) : undefined);
  } finally {
    await link.close();
  }
}

function fixFor(message: string, address: string): string {
  if (/NOAUTH|WRONGPASS|ERR AUTH|NOPERM/.test(message)) {
    return 'put user and password into the address, as in redis://USER:PASSWORD@HOST:PORT';
  }
  const { hostname, port } = new URL(address);
  const place = `${hostname} ${port || defaultPort}`;
  return isHere.test(hostname)
    ? `redis-server --port ${port || defaultPort}`
    : `start it there, or see what is between: nc -vz ${place}`;
}
