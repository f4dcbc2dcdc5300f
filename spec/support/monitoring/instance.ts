import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process that serves every metric of the catalog. */
export interface MonitoredInstance {
  /** `host:port` of the metrics server. */
  readonly target: string;
  /** Records each metric the same number of times again. */
  again(): void;
  /** Kills the process with SIGKILL. */
  close(): Promise<void>;
}

/** Starts an instance that has recorded each metric `times` times. */
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

/** Kills a process with SIGKILL if it still runs, and waits until it has exited. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
