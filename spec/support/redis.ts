import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { E2eProgram } from './e2e-programs.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** Debian's Redis server. */
export const redisServer: E2eProgram = { package: 'redis-server', check: ['redis-server', '--version'] };

const host = '127.0.0.1';

/** A Redis server that stores its data only in memory. */
export class RedisServer {
  #child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  /** Starts a server on a free port, and waits until it is ready. */
  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://${host}:${this.port}`;
  }

  /** Kills the server with SIGKILL. Its data is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts the server on the same port, without data. Kills it first if it runs. */
  async restart(): Promise<void> {
    await this.kill();
    const args = ['--port', String(this.port), '--bind', host, '--save', '', '--appendonly', 'no'];
    this.#child = spawn('redis-server', args, { stdio: 'ignore' });
    await eventually(async () => (await this.ask('PING')).startsWith('+PONG'));
  }

  /** Suspends the process until `resume` is called. Clients stay connected and get no replies. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Sends a command whose arguments contain no spaces. Returns the first chunk of the raw reply. */
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
