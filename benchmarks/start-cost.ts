import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type Summary, summarize } from './statistics.js';

/** Milliseconds of a whole process, by what it does. */
export type StartCosts = Readonly<Record<string, Summary>>;

const built = (path: string): string => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
const here = fileURLToPath(new URL('../../', import.meta.url));

const PROCESSES: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'tinyllm --help': [built('cli/main.js'), '--help'],
  "import 'tinyllm'": ['--input-type=module', '-e', `import ${JSON.stringify(built('lib/index.js'))}`],
  "import 'prom-client'": ['--input-type=module', '-e', "import 'prom-client'"],
};

/** Starts each process in turn, some rounds long. */
export function measureStarts(rounds: number): StartCosts {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(PROCESSES)) {
      const started = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: here, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      times[name] = [...(times[name] ?? []), performance.now() - started];
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, summarize(all)]));
}
