import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process under attack, and its memory. */
export interface Victim {
  readonly port: number;
  readonly pid: number;
  /** How far resident memory rose above its value at the last reset, at its highest point, in MiB. */
  peakGrowth(): number;
  /** Takes the present resident memory as the base of {@link peakGrowth}. */
  resetPeak(): void;
  /** Kills the process and waits for its end. */
  stop(): Promise<void>;
}

/** Starts a module of this folder in its own process. The module sends its port as its first message. */
export async function startModule(module: string, args: readonly string[] = []): Promise<Victim> {
  const child = fork(new URL(module, import.meta.url), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [port] = await Promise.race([once(child, 'message'), failure(child, module)]);
  return victim(child, Number(port));
}

/** Starts the built `tinyllm` command and waits until `ready` matches its standard error; its first group is the port. */
export async function startCommand(args: readonly string[], ready: RegExp): Promise<Victim> {
  const main = fileURLToPath(new URL('../../../../cli/bin/tinyllm.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = failure(child, `tinyllm ${args.join(' ')}`);
  let text = '';
  let match: RegExpExecArray | null = null;
  while (match === null) {
    const [bytes] = await Promise.race([once(child.stderr, 'data'), ended]);
    text += String(bytes);
    match = ready.exec(text);
  }
  child.stderr.resume();
  return victim(child, Number(match[1]));
}

async function failure(child: ChildProcess, name: string): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`${name} ended with ${code ?? signal} before it was ready.`);
}

function victim(child: ChildProcess, port: number): Victim {
  const { pid = 0 } = child;
  let base = 0;
  const resetPeak = (): void => {
    // Linux: "5" sets the highest resident memory to the present one. Source: proc_pid_clear_refs(5).
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    base = residentMemory(pid, 'VmRSS');
  };
  resetPeak();
  return {
    port,
    pid,
    resetPeak,
    peakGrowth: () => residentMemory(pid, 'VmHWM') - base,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A line of `/proc/<pid>/status` in MiB. Source: proc_pid_status(5). */
function residentMemory(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}
