import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';

/** A running process of the built command line. */
export interface TinyllmProcess {
  readonly pid: number;
  /** Waits until standard error contains the address of the metrics server, and returns its URL. */
  metricsUrl(): Promise<string>;
  /** Resolves to the exit code when the process has ended and its output is complete. */
  readonly ended: Promise<number | null>;
  /** The output so far. */
  readonly printed: { stdout: string; stderr: string };
  close(): Promise<void>;
  /** Kills the process with SIGKILL and waits until it has exited. */
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
