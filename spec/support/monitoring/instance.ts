import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process that serves metrics. */
export interface ServingProcess {
  /** `host:port` of the metrics server. */
  readonly target: string;
  /** Kills the process with SIGKILL. */
  close(): Promise<void>;
}

/** A process that serves every metric of the catalog. */
export interface MonitoredInstance extends ServingProcess {
  /** Records each metric the same number of times again. */
  again(): void;
}

/** Starts an instance that has recorded each metric `times` times. */
export async function startInstance(times: number): Promise<MonitoredInstance> {
  const { child, target } = await startScript('recording-process.js', String(times));
  return { target, again: () => void child.kill('SIGUSR2'), close: () => endProcess(child) };
}

/** A process that serves classic and native histograms, and records log-normal values until it is closed. */
export interface HistogramInstance extends ServingProcess {
  /** Records the first request of the model `late`. */
  recordLate(): void;
}

/** Starts an instance that serves native histograms. */
export async function startHistogramInstance(): Promise<HistogramInstance> {
  const { child, target } = await startScript('histogram-process.js');
  return { target, recordLate: () => void child.kill('SIGUSR2'), close: () => endProcess(child) };
}

/** Starts a script of this folder that prints the URL of its metrics server. */
async function startScript(name: string, ...args: readonly string[]) {
  const path = `spec/support/monitoring/${name}`;
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, target: new URL(line.toString().trim()).host };
}

/** Kills a process with SIGKILL if it still runs, and waits until it has exited. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
