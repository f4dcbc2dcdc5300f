import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

/** A server to measure, in its own process. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly pid: number | undefined;
  stop(): void;
}

/** Starts a module of this folder in a new process. The module sends its port as its first message. */
export async function startModule(name: string, module: string, args: readonly string[] = []): Promise<Subject> {
  const child: ChildProcess = fork(new URL(module, import.meta.url), [...args]);
  const [port] = await once(child, 'message');
  return { name, port: Number(port), pid: child.pid, stop: () => void child.kill('SIGTERM') };
}

/** Starts the built `tinyllm proxy`, with inspection of all bodies. */
export async function startTinyllm(upstream: number): Promise<Subject> {
  const port = await freePort();
  const main = fileURLToPath(new URL('../../../../cli/bin/tinyllm.js', import.meta.url));
  const flags = [
    '--upstream',
    `http://127.0.0.1:${upstream}`,
    '--port',
    String(port),
    '--metrics-port',
    '0',
    '--no-ps',
  ];
  const child = spawn(process.execPath, [main, 'proxy', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  while (!text.includes(`http://127.0.0.1:${port}`)) {
    const [bytes] = await once(child.stderr, 'data');
    text += String(bytes);
  }
  return { name: 'tinyllm proxy', port, pid: child.pid, stop: () => void child.kill('SIGTERM') };
}
