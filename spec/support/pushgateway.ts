import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A running Pushgateway from Debian, on a free loopback port. */
export interface RunningPushgateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the Pushgateway and waits until it is ready. */
export async function startPushgateway(): Promise<RunningPushgateway> {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const child = spawn('prometheus-pushgateway', [`--web.listen-address=${address}`], { stdio: 'ignore' });
  await eventually(async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
