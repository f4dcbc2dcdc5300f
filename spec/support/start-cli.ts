import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** The exit code and the output of a process. */
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

  /** Waits for a match on stderr and returns it. Throws if the process ends without a match. */
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

  /** Waits until the process has exited. */
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

/** Kills all processes that are still running, for example after a failed spec. */
export async function endAllCli(): Promise<void> {
  const left = [...running];
  for (const cli of left) cli.child.kill('SIGKILL');
  await Promise.all(left.map((cli) => cli.end()));
}
