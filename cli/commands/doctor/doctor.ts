import type { CommandContext } from '../../command/command-context.js';
import { ReportedFailure } from '../../errors/reported-failure.js';
import type { Mark } from '../../terminal/output.js';
import type { TopUrl } from '../top/top-url.js';
import { checkEndpoint } from './check-endpoint.js';
import { checkHub } from './check-hub.js';
import { checkMetrics } from './check-metrics.js';
import { checkMetricsSwitch } from './check-metrics-switch.js';
import { checkNode } from './check-node.js';
import { checkPackage } from './check-package.js';
import { checkPrometheus } from './check-prometheus.js';
import { checkProvider } from './check-provider.js';
import { checkRecordingVariables } from './check-recording-variables.js';
import { checkRedis } from './check-redis.js';
import type { Finding } from './finding.js';

/** Options of `tinyllm doctor`. */
export interface DoctorOptions {
  /** The provider to check. Default: the provider that `run` would use. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** The port to check. Default: any free port. */
  readonly metricsPort: number | undefined;
  /** The Redis to check, if any. */
  readonly store: string | undefined;
  /** The hub to check, if any. */
  readonly hub: string | undefined;
  /** The metrics endpoint to check, if any. */
  readonly endpoint: TopUrl | undefined;
  /** The Prometheus to check, if any. */
  readonly prometheus: TopUrl | undefined;
  readonly json: boolean;
}

const marks: Readonly<Record<Finding['verdict'], Mark>> = {
  ok: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  note: { mark: '–', colour: 'yellow' },
};

/** Checks everything that a run needs, and suggests fixes. Throws a `ReportedFailure` if a check fails. */
export async function doctor(options: DoctorOptions, { output, signal }: CommandContext): Promise<void> {
  const { metricsPort, store, hub, endpoint, prometheus, json } = options;
  const found = await Promise.all([
    checkNode(),
    checkPackage(),
    checkMetricsSwitch(),
    checkRecordingVariables(process.env),
    checkMetrics(metricsPort ?? 0),
    checkProvider({ ...options, environment: process.env }),
    store === undefined ? [] : checkRedis(store),
    hub === undefined ? [] : checkHub(hub),
    endpoint === undefined ? [] : checkEndpoint(endpoint, prometheus),
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
