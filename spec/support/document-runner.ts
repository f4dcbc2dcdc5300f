import { Lifetime } from '../../cli/command/lifetime.js';
import { readProgram } from '../../cli/program/program.js';
import { captureOutput } from './captured-output.js';
import { eventually } from './eventually.js';

/** A command of the documents that is under way in this process. */
export interface RunningCommand {
  readonly stdout: { readonly text: string };
  readonly stderr: { readonly text: string };
  /** What it threw, if anything. */
  readonly ended: Promise<unknown>;
  /** Waits for words on standard error, or on standard output, and gives what they captured. */
  until(pattern: RegExp): Promise<string>;
  /** Ends it as Ctrl-C does. */
  end(): Promise<void>;
}

/** The words of a command as a shell would take them apart; quotes inside of words are not known. */
export function wordsOf(command: string): readonly string[] {
  const words = command.replace(/ > \S+$/, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...words].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

/** Starts `tinyllm` with these words, as `cli/main.ts` does, but in this process. */
export function startCommand(words: readonly string[]): RunningCommand {
  const { output, stdout, stderr } = captureOutput();
  const lifetime = new Lifetime(output);
  const program = readProgram(words);
  if (program.kind !== 'command') throw new Error(`${words.join(' ')} is no command`);
  let isOver = false;
  const ended = program
    .execute(lifetime)
    .then(() => lifetime.close())
    .catch((error: unknown) => lifetime.close().then(() => error))
    .finally(() => {
      isOver = true;
    });
  return {
    stdout,
    stderr,
    ended,
    until: (pattern) =>
      eventually(async () => {
        const match = pattern.exec(stderr.text) ?? pattern.exec(stdout.text);
        if (match === null && isOver) throw new Error(`${words.join(' ')} ended without ${pattern}: ${stderr.text}`);
        return match?.[1] ?? match?.[0];
      }),
    end: async () => {
      lifetime.end();
      await ended;
    },
  };
}

/** Sends what a `curl` of the documents sends, to another origin. */
export function askAsCurl(command: string, origin: string): Promise<Response> {
  const [, url = '', ...rest] = wordsOf(command);
  const after = (flag: string): string | undefined => (rest.includes(flag) ? rest[rest.indexOf(flag) + 1] : undefined);
  const [name = '', value = ''] = after('-H')?.split(': ') ?? [];
  const body = after('-d');
  return fetch(new URL(new URL(url).pathname, origin), {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: name === '' ? {} : { [name]: value },
  });
}
