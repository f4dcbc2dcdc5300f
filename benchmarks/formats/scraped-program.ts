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
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    observe: async () => {
      const answer = once(child, 'message');
      child.send('observe');
      await answer;
    },
    stop: () => child.disconnect(),
  };
}

/** Starts the Go program with the series of client_golang. */
export async function startGo(program: string, { series, native }: ScrapedSeries): Promise<ScrapedProgram> {
  const child = spawn(program, [...(native ? ['-native'] : []), String(series)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [url] = (await once(lines, 'line')) as [string];
  return {
    url,
    observe: async () => {
      const answer = once(lines, 'line');
      child.stdin.write('\n');
      await answer;
    },
    stop: () => child.stdin.end(),
  };
}
