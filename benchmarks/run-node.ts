import { fork } from 'node:child_process';

/** How a measuring process is started. */
export interface NodeOptions {
  readonly args?: readonly string[];
  /** Which node; default the running one. */
  readonly execPath?: string;
  readonly execArgv?: readonly string[];
}

/** Runs a module of the benchmarks in a process of its own; resolves to the one message it sends. */
export function measureInProcess<Result>(module: string, options: NodeOptions = {}): Promise<Result> {
  const { args = [], execPath = process.execPath, execArgv = [] } = options;
  return new Promise((resolve, reject) => {
    const child = fork(new URL(module, import.meta.url), [...args], { execPath, execArgv: [...execArgv] });
    let result: { readonly message: unknown } | undefined;
    child.on('message', (message) => {
      result = { message };
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (result !== undefined) resolve(result.message as Result);
      else reject(new Error(`${module} ended with ${code} and no result.`));
    });
  });
}
