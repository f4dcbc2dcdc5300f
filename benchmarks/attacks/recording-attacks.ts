import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Attack } from './attack.js';

/** Runs one measurement of `recording-victim.ts` in a new process. */
async function measured(name: string): Promise<number> {
  const victim = fork(new URL('./recording-victim.js', import.meta.url), [name], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  });
  const ended = once(victim, 'exit').then(([code]) => {
    throw new Error(`The process of "${name}" exited with code ${code} before it sent a result.`);
  });
  const timeout = setTimeout(() => victim.kill('SIGKILL'), 60_000);
  try {
    const [value] = await Promise.race([once(victim, 'message'), ended]);
    return Number(value);
  } finally {
    ended.catch(() => {});
    clearTimeout(timeout);
    victim.kill('SIGKILL');
  }
}

const target = 'recording';

export const recordingAttacks: readonly Attack[] = [
  {
    target,
    name: 'a decorated method calls itself until the stack overflows',
    measure: 'loss of depth, compared with an empty wrapper',
    unit: '%',
    limit: 15,
    run: () => measured('depth'),
  },
  {
    target,
    name: 'the stack overflows ten times in decorated methods',
    measure: 'calls that stay active',
    unit: 'count',
    limit: 0,
    run: () => measured('active'),
  },
  {
    target,
    name: '60,000 nodes in segments of 4 MiB',
    measure: 'lost series',
    unit: 'count',
    limit: 0,
    run: () => measured('segments'),
  },
  {
    target,
    name: '120 short-lived threads after the first 40',
    measure: 'memory growth',
    unit: 'MiB',
    limit: 30,
    run: () => measured('threads'),
  },
  {
    target,
    name: 'an idle cluster worker reports 8,000 series',
    measure: 'busy time of each report',
    unit: 'ms',
    limit: 5,
    run: () => measured('cluster'),
  },
];
