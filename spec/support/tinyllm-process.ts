import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';

/** The built command line as a user's shell runs it. */
export interface TinyllmProcess {
  readonly pid: number;
  /** Where it serves its metrics; comes once standard error has said so. */
  metricsUrl(): Promise<string>;
  /** The exit code; comes once the process has ended and its output is whole. */
  readonly ended: Promise<number | null>;
  /** What it has printed so far. */
  readonly printed: { stdout: string; stderr: string };
  close(): Promise<void>;
  /** Ends it as a loss of power would, and waits for that. */
  kill(): Promise<void>;
}

/** Starts the built `tinyllm` with these arguments. */
export function startTinyllm(...args: readonly string[]): TinyllmProcess {
  return startTinyllmIn({}, ...args);
}

/** Starts the built `tinyllm` with these additional environment variables and arguments. */
export function startTinyllmIn(environment: NodeJS.ProcessEnv, ...args: readonly string[]): TinyllmProcess {
  const child = spawn(process.execPath, ['cli/bin/tinyllm.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    printed,
    ended,
    metricsUrl: () =>
      eventually(async () => {
        if (child.exitCode !== null) throw new Error(`tinyllm ended early: ${printed.stderr}`);
        const host = /http:\/\/([^\s/,]+)/.exec(printed.stderr)?.[1];
        return host === undefined ? undefined : `http://${host}/metrics`;
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
