import { expectedRedisAddress } from '@tinyllm/executor/settings';
import { type Priority, priorities } from '@tinyllm/resilience/settings';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';
import { resilienceFlags } from './resilience.js';
import { checkAddress } from './stores.js';

/** Options of `tinyllm run` that apply only with `--file`. */
export interface BatchOptions {
  /** The file of questions, or `-` for standard input. */
  readonly file: string;
  /** The file of answers, from which a batch also resumes. Default stdout. */
  readonly output: string | undefined;
  /** Maximum number of questions that run at the same time. */
  readonly workers: number;
  /** Maximum number of queued questions. */
  readonly capacity: number;
  readonly startsPerSecond: number | undefined;
  readonly priority: Priority;
  /** The URL of the Redis queue whose workers answer. Default: this process answers. */
  readonly queue: string | undefined;
  /** How long running questions may take after the signal is aborted, in seconds. */
  readonly graceSeconds: number;
}

/** The flags of `tinyllm run` for a batch of questions. */
export const batchFlags = inGroup('Many questions', {
  file: { ...text, describe: 'Answer all questions in this file: one per line, or JSON lines; - is standard input' },
  output: {
    ...text,
    describe: 'With --file: write the answers to this file as JSON lines; questions answered in it are skipped',
  },
  workers: {
    ...text,
    describe: 'With --file: number of questions to answer at the same time',
    defaultDescription: '4',
  },
  'max-queue-size': { ...text, describe: 'With --file: maximum number of queued questions', defaultDescription: '100' },
  rate: { ...text, describe: 'With --file: maximum rate at which questions start, such as 10/s, 600/m or 1000/h' },
  priority: { ...text, accepts: priorities, describe: `With --file: priority in the queue (${priorities.join(', ')})` },
  queue: {
    ...text,
    describe:
      "With --file: send the questions to workers through this Redis, such as redis://host:6379; see 'tinyllm worker'",
  },
  grace: {
    ...text,
    describe: 'With --file: seconds to wait for running questions after Ctrl-C',
    defaultDescription: '8',
  },
});

/** The flags that can't be combined with `--queue`, because they are settings of the workers. */
const workerSettings = ['workers', 'rate', 'provider', 'base-url', 'model', 'cache', ...Object.keys(resilienceFlags)];

/** The flags that work only for a single question. */
const singleQuestionFlags = ['trace', 'session'];

/** Reads the flags of a batch. Returns undefined without `--file`. Throws a `UsageError`. */
export function readBatch(args: CommandArguments, query: string): BatchOptions | undefined {
  const file = args.text('file', 'a file of questions, or - for standard input');
  if (file === undefined) {
    const stray = Object.keys(batchFlags).find((flag) => args.has(flag));
    if (stray !== undefined) throw args.usageError(`--${stray} works only for a batch of questions; add --file.`);
    return undefined;
  }
  if (query !== '') throw args.usageError('run got a question and --file; expected only one of them.');
  rejectIncompatible(args);
  return {
    file,
    priority: args.choice('priority', priorities) ?? 'normal',
    output: args.text('output', 'a file for the answers'),
    workers: args.count('workers') ?? 4,
    capacity: args.count('max-queue-size') ?? 100,
    startsPerSecond: args.rate('rate'),
    queue: readQueue(args),
    graceSeconds: args.seconds('grace') ?? 8,
  };
}

/** Throws a `UsageError` for flags that can't be combined with `--file` or `--queue`. */
function rejectIncompatible(args: CommandArguments): void {
  const setting = args.has('queue') ? workerSettings.find((flag) => args.has(flag)) : undefined;
  if (setting !== undefined) {
    const flag = setting === 'workers' ? 'concurrency' : setting;
    throw args.usageError(
      `--${setting} cannot be combined with --queue; pass --${flag} to \`tinyllm worker\` instead.`,
    );
  }
  const single = singleQuestionFlags.find((flag) => args.has(flag));
  if (single !== undefined) throw args.usageError(`--${single} works only for a single question, not with --file.`);
}

/** Reads the Redis URL of `--queue`. Throws a `UsageError`. */
export function readQueue(args: CommandArguments): string | undefined {
  const url = args.text('queue', expectedRedisAddress);
  if (url !== undefined) checkAddress(args, 'queue', url, expectedRedisAddress);
  return url;
}
