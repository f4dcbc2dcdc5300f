import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A TinyLLM in a process of its own, with every metric of the catalog. */
export interface MonitoredInstance {
  /** `host:port` of its metrics. */
  readonly target: string;
  /** Has it record everything as often again. */
  again(): void;
  /** Ends it as a loss of power would. */
  close(): Promise<void>;
}

/** Starts an instance that has recorded each metric so many times. */
export async function startInstance(times: number): Promise<MonitoredInstance> {
  const args = ['spec/support/monitoring/recording-process.js', String(times)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    target: new URL(line.toString().trim()).host,
    again: () => void child.kill('SIGUSR2'),
    close: () => endProcess(child),
  };
}

/** Ends a process at once, if it has not ended, and waits for that. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
