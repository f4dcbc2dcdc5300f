import { expectedRedisAddress } from '@tinyllm/executor/settings';
import { type Priority, priorities } from '@tinyllm/resilience/settings';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';
import { resilienceFlags } from './resilience.js';
import { checkAddress } from './stores.js';

/** Options of `tinyllm run --file` that `run` does not have. */
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
  /** How long running questions may take after an early end, in seconds. */
  readonly graceSeconds: number;
}

/** The flags of `tinyllm run` for a batch of questions. */
export const batchFlags = inGroup('Many questions', {
  file: { ...text, describe: 'Answer all questions in this file: one per line, or JSON lines; - is standard input' },
  output: {
    ...text,
    describe: 'Write the answers to this file as JSON lines, with --file; questions answered in it are skipped',
  },
  workers: {
    ...text,
    describe: 'Number of questions to answer at the same time, with --file',
    defaultDescription: '4',
  },
  'max-queue-size': { ...text, describe: 'Maximum number of queued questions, with --file', defaultDescription: '100' },
  rate: { ...text, describe: 'Maximum rate of starting questions, with --file, such as 10/s, 600/m or 1000/h' },
  priority: { ...text, accepts: priorities, describe: `Priority in the queue, with --file: ${priorities.join(', ')}` },
  queue: {
    ...text,
    describe: "Send the questions to workers through this Redis, with --file: redis://host:6379; see 'tinyllm worker'",
  },
  grace: {
    ...text,
    describe: 'Seconds to wait for running questions after Ctrl-C, with --file',
    defaultDescription: '8',
  },
});

/**
 * The flags that can't be combined with `--queue` or `--file`. The flags listed for `--queue` are settings of the
 * workers. The flags listed for `--file` work only for a single question.
 */
const incompatibleFlags = {
  queue: {
    flags: ['workers', 'rate', 'provider', 'base-url', 'model', 'cache', ...Object.keys(resilienceFlags)],
    advice: 'pass it to `tinyllm worker` instead',
  },
  file: { flags: ['trace', 'session'], advice: 'it works only for a single question' },
} as const;

/** Reads the flags of a batch. Returns undefined without `--file`. Throws a `UsageError`. */
export function readBatch(args: CommandArguments, query: string): BatchOptions | undefined {
  const file = args.text('file', 'a file of questions, or - for standard input');
  if (file === undefined) {
    const stray = Object.keys(batchFlags).find((flag) => args.has(flag));
    if (stray !== undefined) throw args.usageError(`--${stray} works only for a batch of questions; add --file.`);
    return undefined;
  }
  if (query !== '') throw args.usageError('run got a question and --file; expected only one of them.');
  for (const [flag, { flags, advice }] of Object.entries(incompatibleFlags)) {
    const stray = args.has(flag) ? flags.find((one) => args.has(one)) : undefined;
    if (stray !== undefined) throw args.usageError(`--${stray} cannot be combined with --${flag}; ${advice}.`);
  }
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

/** Reads the Redis URL of `--queue`. Throws a `UsageError`. */
export function readQueue(args: CommandArguments): string | undefined {
  const url = args.text('queue', expectedRedisAddress);
  if (url !== undefined) checkAddress(args, 'queue', url, expectedRedisAddress);
  return url;
}
