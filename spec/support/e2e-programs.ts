import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';
import { realModelFile } from './real-model.js';

/** A program or file that end-to-end specs need. A Debian package or a script in `.ci` provides it. */
export type E2eProgram = ({ readonly package: string } | { readonly script: string }) & {
  /** A command that exits with code 0 if the program can be used. */
  readonly check: readonly [command: string, ...args: string[]];
};

/** Debian's Prometheus. Its package also contains `promtool`. */
export const prometheus: E2eProgram = { package: 'prometheus', check: ['promtool', '--version'] };

/** The path of Prometheus 3.16, which `.ci/fetch-prometheus` builds. */
export const prometheus3Path = '.cache/bin/prometheus';

/** The path of the `promtool` of Prometheus 3.16. */
export const promtool3Path = '.cache/bin/promtool';

/** Prometheus 3.16 and its `promtool`, in addition to Debian's version. */
export const prometheus3: E2eProgram = { script: '.ci/fetch-prometheus', check: [prometheus3Path, '--version'] };

/** The path of Ollama, which `.ci/fetch-ollama` builds. */
export const ollamaPath = '.cache/bin/ollama';

/** The model server Ollama. */
export const ollama: E2eProgram = { script: '.ci/fetch-ollama', check: [ollamaPath, 'help'] };

/** A language model that Ollama can import. */
export const modelFile: E2eProgram = { script: '.ci/fetch-model', check: ['test', '-s', realModelFile] };

/** Debian's Alertmanager. Its package also contains `amtool`. */
export const alertmanager: E2eProgram = {
  package: 'prometheus-alertmanager',
  check: ['prometheus-alertmanager', '--version'],
};

/** Debian's Pushgateway. */
export const pushgateway: E2eProgram = {
  package: 'prometheus-pushgateway',
  check: ['prometheus-pushgateway', '--version'],
};

/** The path of a program that pushes with client_golang. `.ci/fetch-go-programs` builds it. */
export const goPushPath = '.cache/bin/go-push';

/** A program that pushes with Go's client, which uses protobuf by default. */
export const goPush: E2eProgram = { script: '.ci/fetch-go-programs', check: [goPushPath, '-h'] };

/** The path of a program that parses with Prometheus's parsers. `.ci/fetch-go-programs` builds it. */
export const goParsePath = '.cache/bin/go-parse';

/** Prometheus's parsers: `expfmt` and `textparse`. */
export const goParse: E2eProgram = { script: '.ci/fetch-go-programs', check: [goParsePath, '-h'] };

/** The HTTP client that the documents use. */
export const curl: E2eProgram = { package: 'curl', check: ['curl', '--version'] };

/** The program that creates the certificate of a sample. */
export const openssl: E2eProgram = { package: 'openssl', check: ['openssl', 'version'] };

/** The load generator. */
export const wrk: E2eProgram = { package: 'wrk', check: ['which', 'wrk'] };

/** The browser that opens the landing page. */
export const chromium: E2eProgram = { package: 'chromium', check: ['chromium', '--version'] };

/** The terminal multiplexer in which `tinyllm top` runs. */
export const tmux: E2eProgram = { package: 'tmux', check: ['tmux', '-V'] };

/** The Python interpreter for which Debian packages Prometheus's Python client. */
export const python = '/usr/bin/python3';

/** Prometheus's Python client, with strict parsers of the exposition formats. */
export const pythonPrometheusClient: E2eProgram = {
  package: 'python3-prometheus-client',
  check: [python, '-c', 'import prometheus_client.parser'],
};

/** Caches whether a program is installed, because each check starts a process. */
const installed = new Map<E2eProgram, boolean>();

function isInstalled(program: E2eProgram): boolean {
  const [command, ...args] = program.check;
  const result = installed.get(program) ?? spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  installed.set(program, result);
  return result;
}

/** The lines printed so far. Each line is printed only once. */
const printed = new Set<string>();

/** The commands that install these programs. */
function commandsFor(programs: readonly E2eProgram[]): readonly string[] {
  const packages = programs.flatMap((program) => ('package' in program ? [program.package] : []));
  const scripts = programs.flatMap((program) => ('script' in program ? [program.script] : []));
  const install = packages.length > 0 ? [`apt-get install --no-install-recommends ${packages.join(' ')}`] : [];
  return [...install, ...new Set(scripts)];
}

/**
 * Skips a spec if one of its programs is missing, and prints one line with the commands that install them.
 *
 * If the environment has `TINYLLM_E2E=required`, it throws instead.
 */
export function needPrograms(context: Context, ...programs: readonly E2eProgram[]): void {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  const advice = `end-to-end specs need: ${commandsFor(missing).join(' && ')}`;
  if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
  if (!printed.has(advice)) process.stderr.write(`\n  skipped; ${advice}\n`);
  printed.add(advice);
  context.skip();
}
