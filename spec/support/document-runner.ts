import { Lifetime } from '../../cli/command/lifetime.js';
import { readProgram } from '../../cli/program/program.js';
import { captureOutput } from './captured-output.js';
import { eventually } from './eventually.js';

/** A command of the documents that runs in this process. */
export interface RunningCommand {
  readonly stdout: { readonly text: string };
  readonly stderr: { readonly text: string };
  /** Resolves to the error that the command threw, or to undefined. */
  readonly ended: Promise<unknown>;
  /** Waits for a match on standard error or standard output. Resolves to its first group, or to the whole match. */
  until(pattern: RegExp): Promise<string>;
  /** Stops the command as Ctrl-C does. */
  end(): Promise<void>;
}

/** Splits a command into words as a shell does. Quotes inside of words are not supported. */
export function wordsOf(command: string): readonly string[] {
  const words = command.replace(/ > \S+$/, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...words].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

/** Runs `tinyllm` with these words in this process, in the same way as `cli/main.ts`. */
export function startCommand(words: readonly string[]): RunningCommand {
  const { output, stdout, stderr } = captureOutput();
  const lifetime = new Lifetime(output);
  const program = readProgram(words);
  if (program.kind !== 'command') throw new Error(`${words.join(' ')} is not a command`);
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

/** Sends the request of a documented `curl` command to another origin. With `-G`, the data is the query. */
export function fetchLikeCurl(command: string, origin: string): Promise<Response> {
  const words = wordsOf(command);
  const after = (...flags: readonly string[]): readonly string[] =>
    words.filter((_, index) => flags.includes(words[index - 1] ?? ''));
  const [name = '', value = ''] = after('-H')[0]?.split(': ') ?? [];
  const url = new URL(new URL(words.find((word) => /^https?:/.test(word)) ?? '').pathname, origin);
  const isGet = words.some((word) => /^-[A-Za-z]*G/.test(word));
  const [body] = isGet ? [] : after('-d');
  if (isGet) url.search = new URLSearchParams(after('-d', '--data-urlencode').join('&')).toString();
  return fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: name === '' ? {} : { [name]: value },
  });
}
