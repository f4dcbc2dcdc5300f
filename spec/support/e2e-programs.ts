import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** A program of Debian's that end-to-end specs run, and how to see that it is there. */
export interface E2eProgram {
  /** The Debian package to install. */
  readonly package: string;
  /** Ends with code 0 when the program can be used. */
  readonly check: readonly [command: string, ...args: string[]];
}

/** Prometheus itself; its package brings `promtool` too. */
export const prometheus: E2eProgram = { package: 'prometheus', check: ['promtool', '--version'] };

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

/**
 * Skips a spec whose programs are not installed, with one line that says what to install.
 *
 * With `TINYLLM_E2E=required` in the environment it throws instead.
 */
export function needPrograms(context: Context, ...programs: readonly E2eProgram[]): void {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) return;
  const advice = `end-to-end specs need: apt-get install --no-install-recommends ${missing.map((one) => one.package).join(' ')}`;
  if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
  if (!told.has(advice)) process.stderr.write(`\n  skipped; ${advice}\n`);
  told.add(advice);
  context.skip();
}
