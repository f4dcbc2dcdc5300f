import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type Summary, summarize } from './statistics.js';

/** The time of a whole process, in milliseconds. */
export interface StartCost {
  readonly elapsed: Summary;
  /** User and system time of all threads. On a busy machine, this value is more reliable than the elapsed time. */
  readonly processor: Summary;
}

/** By the name of the process. */
export type StartCosts = Readonly<Record<string, StartCost>>;

const built = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const here = fileURLToPath(new URL('../../', import.meta.url));

const PROCESSES: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'tinyllm --help': [built('cli/bin/tinyllm.js'), '--help'],
  "import 'tinyllm'": ['--input-type=module', '-e', `import ${JSON.stringify(built('lib/core/dist/index.js'))}`],
  "import 'prom-client'": ['--input-type=module', '-e', "import 'prom-client'"],
};

/** Starts the processes in turns, for the given number of rounds. */
export function measureStarts(rounds: number): StartCosts {
  const nothing = (): number[] => [];
  const measured = Object.entries(PROCESSES).map(([name, args]) => ({
    ...{ name, args, elapsed: nothing(), processor: nothing() },
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { name, args, elapsed, processor } of measured) {
      const started = performance.now();
      const preload = ['--require', fileURLToPath(new URL('../../report-processor-time.cjs', import.meta.url))];
      const { status, stderr } = spawnSync(process.execPath, [...preload, ...args], { cwd: here, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      elapsed.push(performance.now() - started);
      processor.push(Number(stderr));
    }
  }
  return Object.fromEntries(
    measured.map(({ name, elapsed, processor }) => [
      name,
      { elapsed: summarize(elapsed), processor: summarize(processor) },
    ]),
  );
}
