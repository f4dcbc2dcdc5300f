import { fork } from 'node:child_process';

/** Options of a measuring process. */
export interface NodeOptions {
  readonly args?: readonly string[];
  /** The Node executable. Default: the running one. */
  readonly execPath?: string;
  readonly execArgv?: readonly string[];
  /** Environment variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a module of the benchmarks in a new process. Resolves to the message that the module sends. */
export function measureInProcess<Result>(module: string, options: NodeOptions = {}): Promise<Result> {
  const { args = [], execPath = process.execPath, execArgv = [], env = {} } = options;
  return new Promise((resolve, reject) => {
    const child = fork(new URL(module, import.meta.url), [...args], {
      execPath,
      execArgv: [...execArgv],
      env: { ...process.env, ...env },
    });
    let result: { readonly message: unknown } | undefined;
    child.on('message', (message) => {
      result = { message };
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (result !== undefined) resolve(result.message as Result);
      else reject(new Error(`${module} exited with code ${code} before it sent a result.`));
    });
  });
}
