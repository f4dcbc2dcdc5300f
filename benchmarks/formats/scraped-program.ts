import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that serves histogram series and can change their values. */
export interface ScrapedProgram {
  readonly url: string;
  /** Writes one value to each series. */
  observe(): Promise<void>;
  stop(): void;
}

/** The number and kind of the series. */
export interface ScrapedSeries {
  readonly series: number;
  /** Whether the series have native histograms in addition to their buckets. */
  readonly native: boolean;
}

/** Starts a process with the series of TinyLLM. */
export async function startTinyllm({ series, native }: ScrapedSeries): Promise<ScrapedProgram> {
  const args = [String(series), ...(native ? ['native'] : [])];
  const child: ChildProcess = fork(new URL('./format-server.js', import.meta.url), args);
  const [url] = (await orExit(once(child, 'message'), child)) as [string];
  return {
    url,
    observe: async () => {
      const answer = once(child, 'message');
      child.send('observe');
      await orExit(answer, child);
    },
    stop: () => child.connected && child.disconnect(),
  };
}

/** Starts the Go program with the series of client_golang. */
export async function startGo(program: string, { series, native }: ScrapedSeries): Promise<ScrapedProgram> {
  const child = spawn(program, [...(native ? ['-native'] : []), String(series)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [url] = (await orExit(once(lines, 'line'), child)) as [string];
  return {
    url,
    observe: async () => {
      const answer = once(lines, 'line');
      child.stdin.write('\n');
      await orExit(answer, child);
    },
    stop: () => child.stdin.end(),
  };
}

/** Rejects if the process exits before it answers. */
async function orExit<Answer>(answer: Promise<Answer>, child: ChildProcess): Promise<Answer> {
  const controller = new AbortController();
  const exited = once(child, 'exit', controller).then(([code, signal]: unknown[]) => {
    throw new Error(`${child.spawnfile} exited with ${code ?? signal} before it answered.`);
  });
  try {
    return await Promise.race([answer, exited]);
  } finally {
    exited.catch(() => {});
    controller.abort();
  }
}
