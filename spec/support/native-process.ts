import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that records native histograms and serves them. */
export interface NativeProcess {
  readonly url: string;
  /** Records requests and executions of a node with these durations in seconds. */
  record(durations: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts a process of the built package with native histograms. */
export async function startNativeProcess(): Promise<NativeProcess> {
  const child = spawn(process.execPath, ['spec/support/native-server.js'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: url } = await lines.next();
  return {
    url: String(url),
    record: async (durations) => {
      child.stdin.write(`${JSON.stringify(durations)}\n`);
      await lines.next();
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
