import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { E2eProgram } from './e2e-programs.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** The server of caches, sessions and queues. */
export const redisServer: E2eProgram = { package: 'redis-server', check: ['redis-server', '--version'] };

const host = '127.0.0.1';

/** A Redis of Debian's that holds what it is told in memory alone. */
export class RedisServer {
  #child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  /** Starts one on a free port, and waits until it answers. */
  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://${host}:${this.port}`;
  }

  /** Ends it as a loss of power would; what it held is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts it, with nothing in it, where it was. */
  async restart(): Promise<void> {
    await this.kill();
    const args = ['--port', String(this.port), '--bind', host, '--save', '', '--appendonly', 'no'];
    this.#child = spawn('redis-server', args, { stdio: 'ignore' });
    await eventually(async () => (await this.ask('PING')).startsWith('+PONG'));
  }

  /** Stops it from answering, until `resume`. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Sends a command, in words without spaces, and gives the beginning of the answer as it comes over the wire. */
  async ask(command: string): Promise<string> {
    const socket = connect(this.port, host).setEncoding('utf8');
    try {
      await once(socket, 'connect');
      socket.write(`${command}\r\n`);
      const [answer] = await once(socket, 'data');
      return String(answer);
    } finally {
      socket.destroy();
    }
  }
}
