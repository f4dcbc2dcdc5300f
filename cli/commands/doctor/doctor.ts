import type { CommandContext } from '../../command/command-context.js';
import { ReportedFailure } from '../../errors/reported-failure.js';
import type { Mark } from '../../terminal/output.js';
import type { TopUrl } from '../top/top-url.js';
import { checkEndpoint } from './check-endpoint.js';
import { checkHub } from './check-hub.js';
import { checkMetrics } from './check-metrics.js';
import { checkNode } from './check-node.js';
import { checkPackage } from './check-package.js';
import { checkPrometheus } from './check-prometheus.js';
import { checkProvider } from './check-provider.js';
import { checkRedis } from './check-redis.js';
import type { Finding } from './finding.js';

/** Options of `tinyllm doctor`. */
export interface DoctorOptions {
  /** Who is to answer; default whoever `run` would ask. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** Where metrics are to be served; default any free port. */
  readonly metricsPort: number | undefined;
  /** A Redis; default none is asked. */
  readonly store: string | undefined;
  /** A hub; default none is asked. */
  readonly hub: string | undefined;
  /** Where metrics are served; default nobody is asked. */
  readonly endpoint: TopUrl | undefined;
  /** A Prometheus that is to scrape them; default none is asked. */
  readonly prometheus: TopUrl | undefined;
  readonly json: boolean;
}

const marks: Readonly<Record<Finding['verdict'], Mark>> = {
  ok: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  note: { mark: '–', colour: 'yellow' },
};

/** Checks what a run needs, and says what to do about what does not work. Throws a `ReportedFailure` when something fails. */
export async function doctor(options: DoctorOptions, { output, signal }: CommandContext): Promise<void> {
  const { metricsPort, store, hub, endpoint, prometheus, json } = options;
  const found = await Promise.all([
    checkNode(),
    checkPackage(),
    checkMetrics(metricsPort ?? 0),
    checkProvider({ ...options, environment: process.env }),
    store === undefined ? [] : checkRedis(store),
    hub === undefined ? [] : checkHub(hub),
    endpoint === undefined ? [] : checkEndpoint(endpoint),
    prometheus === undefined ? [] : checkPrometheus({ prometheus, endpoint }),
  ]);
  signal.throwIfAborted();
  const checks: readonly Finding[] = found.flat();
  const failures = checks.filter(({ verdict }) => verdict === 'failed').length;
  if (!json) show(checks, output);
  if (failures > 0) throw new ReportedFailure(`${failures} of ${checks.length} checks failed.`, { ok: false, checks });
  if (json) output.json({ ok: true, checks });
}

function show(checks: readonly Finding[], output: CommandContext['output']): void {
  const width = Math.max(...checks.map(({ check }) => check.length));
  for (const { check, verdict, found, fix } of checks) {
    output.marked(marks[verdict], `${check.padEnd(width)}  ${found}`);
    if (fix !== undefined) output.text(`  ${' '.repeat(width)}  fix: ${fix}`);
  }
}
