import { expectedRedisAddress } from '@tinyllm/executor/settings';
import { type Priority, priorities } from '@tinyllm/resilience/settings';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';
import type { Given } from '../command/given.js';
import { resilienceFlags } from './resilience.js';
import { checkAddress } from './stores.js';

/** Options of `tinyllm run --file` that `run` does not have. */
export interface BatchOptions {
  /** The questions; `-` for standard input. */
  readonly file: string;
  /** Where the answers go, and from where a batch goes on; default stdout. */
  readonly output: string | undefined;
  /** Questions that run at a time. */
  readonly workers: number;
  /** Questions that wait. */
  readonly capacity: number;
  readonly startsPerSecond: number | undefined;
  readonly priority: Priority;
  /** The Redis whose workers answer; default this process does. */
  readonly queue: string | undefined;
  /** How long what is under way may take once the batch is ended early. */
  readonly graceSeconds: number;
}

/** The flags of `tinyllm run` that are for many questions. */
export const batchFlags = inGroup('Many questions', {
  file: { ...text, describe: 'Answer all questions in this file: one a line, or JSON lines; - is standard input' },
  output: { ...text, describe: 'Write the answers to this file as JSON lines, and go on from what it holds' },
  workers: { ...text, describe: 'Questions to answer at a time, with --file', defaultDescription: '4' },
  'max-queue-size': { ...text, describe: 'Questions that wait at most, with --file', defaultDescription: '100' },
  rate: { ...text, describe: 'Questions to start at most, with --file: 10/s, 600/m or 1000/h' },
  priority: { ...text, accepts: priorities, describe: `Priority in the queue, with --file: ${priorities.join(', ')}` },
  queue: { ...text, describe: "Have workers answer, from this Redis: redis://host:6379; see 'tinyllm worker'" },
  grace: {
    ...text,
    describe: 'Seconds that questions under way may take after Ctrl-C, with --file',
    defaultDescription: '8',
  },
});

/** What only the workers can be told when they are elsewhere, and what is for one question alone. */
const notWith = {
  queue: {
    flags: ['workers', 'rate', 'provider', 'base-url', 'model', 'cache', ...Object.keys(resilienceFlags)],
    because: 'that is for `tinyllm worker` to be told',
  },
  file: { flags: ['trace', 'session'], because: 'that is for one question at a time' },
} as const;

/** Reads the flags of a batch; undefined when it is none. Throws a `UsageError`. */
export function readBatch(given: Given, query: string): BatchOptions | undefined {
  const file = given.text('file', 'a file of questions, or - for standard input');
  if (file === undefined) {
    const stray = Object.keys(batchFlags).find((flag) => given.has(flag));
    if (stray !== undefined) throw given.wrong(`--${stray} is for a batch of questions; expected --file as well.`);
    return undefined;
  }
  if (query !== '') throw given.wrong('run got a question and --file; expected one of them.');
  for (const [flag, { flags, because }] of Object.entries(notWith)) {
    const stray = given.has(flag) ? flags.find((one) => given.has(one)) : undefined;
    if (stray !== undefined) throw given.wrong(`--${stray} does not go with --${flag}; ${because}.`);
  }
  return {
    file,
    priority: given.choice('priority', priorities) ?? 'normal',
    output: given.text('output', 'a file for the answers'),
    workers: given.count('workers') ?? 4,
    capacity: given.count('max-queue-size') ?? 100,
    startsPerSecond: given.rate('rate'),
    queue: readQueue(given),
    graceSeconds: given.seconds('grace') ?? 8,
  };
}

/** Reads the flag that says in which Redis the queue is. Throws a `UsageError`. */
export function readQueue(given: Given): string | undefined {
  const url = given.text('queue', expectedRedisAddress);
  if (url !== undefined) checkAddress(given, 'queue', url, expectedRedisAddress);
  return url;
}
