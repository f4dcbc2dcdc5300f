import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';
import { realModelFile } from './real-model.js';

/** A program or file that end-to-end specs need. It comes from a Debian package or from a script in `.ci`. */
export type E2eProgram = ({ readonly package: string } | { readonly script: string }) & {
  /** A command that exits with code 0 if the program can be used. */
  readonly check: readonly [command: string, ...args: string[]];
};

/** Prometheus itself; its package brings `promtool` too. */
export const prometheus: E2eProgram = { package: 'prometheus', check: ['promtool', '--version'] };

/** The program of Prometheus 3.16. `.ci/fetch-prometheus` builds it. */
export const prometheus3Path = '.cache/bin/prometheus';

/** Prometheus 3.16, a second version next to Debian's. */
export const prometheus3: E2eProgram = { script: '.ci/fetch-prometheus', check: [prometheus3Path, '--version'] };

/** The program of Ollama. `.ci/fetch-ollama` builds it. */
export const ollamaPath = '.cache/bin/ollama';

/** The model server. */
export const ollama: E2eProgram = { script: '.ci/fetch-ollama', check: [ollamaPath, 'help'] };

/** A language model that Ollama can import. */
export const modelFile: E2eProgram = { script: '.ci/fetch-model', check: ['test', '-s', realModelFile] };

/** What alerts are sent to; its package brings `amtool` too. */
export const alertmanager: E2eProgram = {
  package: 'prometheus-alertmanager',
  check: ['prometheus-alertmanager', '--version'],
};

/** The gateway that runs push to. */
export const pushgateway: E2eProgram = {
  package: 'prometheus-pushgateway',
  check: ['prometheus-pushgateway', '--version'],
};

/** The program that pushes with client_golang. `.ci/fetch-go-push` builds it. */
export const goPushPath = '.cache/bin/go-push';

/** Go's client, whose pushes are protobuf by default. */
export const goPush: E2eProgram = { script: '.ci/fetch-go-push', check: [goPushPath, '-h'] };

/** The client that people try a server with. */
export const curl: E2eProgram = { package: 'curl', check: ['curl', '--version'] };

/** What makes the certificate of a sample. */
export const openssl: E2eProgram = { package: 'openssl', check: ['openssl', 'version'] };

/** The client that asks as much as it can. */
export const wrk: E2eProgram = { package: 'wrk', check: ['which', 'wrk'] };

/** The browser that looks at the landing page. */
export const chromium: E2eProgram = { package: 'chromium', check: ['chromium', '--version'] };

/** The terminal that `tinyllm top` is driven in. */
export const tmux: E2eProgram = { package: 'tmux', check: ['tmux', '-V'] };

/** The interpreter for which Debian packages Prometheus's own Python parser. */
export const python = '/usr/bin/python3';

/** The strict parser of the exposition formats. */
export const pythonPrometheusClient: E2eProgram = {
  package: 'python3-prometheus-client',
  check: [python, '-c', 'import prometheus_client.parser'],
};

/** What was found out already: to start a program costs more than to remember it. */
const found = new Map<E2eProgram, boolean>();

function isThere(program: E2eProgram): boolean {
  const [command, ...args] = program.check;
  const known = found.get(program) ?? spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  found.set(program, known);
  return known;
}

/** What has been said already: once is enough. */
const told = new Set<string>();

/** The commands that bring these programs. */
function commandsFor(programs: readonly E2eProgram[]): readonly string[] {
  const packages = programs.flatMap((program) => ('package' in program ? [program.package] : []));
  const scripts = programs.flatMap((program) => ('script' in program ? [program.script] : []));
  const install = packages.length > 0 ? [`apt-get install --no-install-recommends ${packages.join(' ')}`] : [];
  return [...install, ...new Set(scripts)];
}

/**
 * Skips a spec whose programs are missing, and prints one line with the commands that bring them.
 *
 * With `TINYLLM_E2E=required` in the environment it throws instead.
 */
export function needPrograms(context: Context, ...programs: readonly E2eProgram[]): void {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) return;
  const advice = `end-to-end specs need: ${commandsFor(missing).join(' && ')}`;
  if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
  if (!told.has(advice)) process.stderr.write(`\n  skipped; ${advice}\n`);
  told.add(advice);
  context.skip();
}
