import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The first message of an application. */
interface FirstMessage {
  /** The URL of its server, without a path. */
  readonly url: string;
  /** Exact quantiles of its distributions. */
  readonly quantiles?: readonly { readonly sigma: number; readonly quantile: number; readonly value: number }[];
}

/** A process that imports the built package and serves metrics. */
export interface ScrapedApplication extends FirstMessage {
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** Starts a script of this folder, in which `gc()` exists. It exits when it is disconnected. */
export async function startApplication(script = 'application.js', ...args: string[]): Promise<ScrapedApplication> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(file, args, { execArgv: ['--expose-gc'], stdio: 'inherit' });
  const exited = once(child, 'exit');
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as FirstMessage),
    exited.then(([code]) => Promise.reject(new Error(`${script} ended with code ${code}.`))),
  ]);
  return {
    ...message,
    process: child,
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
