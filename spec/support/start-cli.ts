import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** How a process ended, and all it printed. */
export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `tinyllm` process. */
export class CliProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown>;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv) {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
    this.child = spawn(process.execPath, ['cli/bin/tinyllm.js', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...environment },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#closed = once(this.child, 'close');
  }

  /** Waits until stderr holds a match, and returns it. Throws when the process ends without one. */
  async untilStderr(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stderr);
      if (match !== null) return match;
      const ended = await Promise.race([
        once(this.child.stderr, 'data').then(() => false),
        this.#closed.then(() => true),
      ]);
      if (ended && !pattern.test(this.stderr)) throw new Error(`ended without ${pattern}:\n${this.stderr}`);
    }
  }

  /** Waits for the end. */
  async end(): Promise<CliEnd> {
    await this.#closed;
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

const running = new Set<CliProcess>();

/** Starts the built `tinyllm`. */
export function startCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}): CliProcess {
  const cli = new CliProcess(args, environment);
  running.add(cli);
  void cli.end().then(() => running.delete(cli));
  return cli;
}

/** Ends every process that a failed spec left behind. */
export async function endAllCli(): Promise<void> {
  const left = [...running];
  for (const cli of left) cli.child.kill('SIGKILL');
  await Promise.all(left.map((cli) => cli.end()));
}
