import { expect } from 'chai';
import * as original from 'prom-client';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';

/** The metrics that both packages have, with prom-client's types. */
interface Metrics {
  readonly Counter: original.Counter<string>;
  readonly Gauge: original.Gauge<string>;
  readonly Histogram: original.Histogram<string>;
}

/** The constructor options, apart from the registry. Tests also pass invalid ones. */
export type Options = Readonly<Record<string, unknown>>;

/** Calls methods of a metric. `attempt` records what a call returns or throws. */
export type Script<Kind extends keyof Metrics> = (
  metric: Metrics[Kind],
  attempt: (work: () => unknown) => void,
) => unknown;

const ours = { Counter, Gauge, Histogram };
const OPENMETRICS = original.Registry.OPENMETRICS_CONTENT_TYPE;

/** Runs the same calls on a metric of TinyLLM and on one of prom-client. Expects equal results, errors and values. */
export async function expectSameAsPromClient<Kind extends keyof Metrics>(
  kind: Kind,
  options: Options,
  script: Script<Kind>,
): Promise<void> {
  const results: object[] = [];
  for (const [{ [kind]: create }, registry] of [
    [ours, new SharedRegistry()],
    [original, new original.Registry()],
  ] as const) {
    if (options.enableExemplars === true) registry.setContentType(OPENMETRICS as never);
    results.push(await run(create as never, { ...options, registers: [registry] }, script));
  }
  expect(results[0]).to.deep.equal(results[1]);
}

/** Creates a metric of TinyLLM in a registry of its own. It has prom-client's type. */
export function createMetric<Kind extends keyof Metrics>(
  kind: Kind,
  options: Options = {},
  registry = new SharedRegistry(),
): Metrics[Kind] {
  if (options.enableExemplars === true) registry.setContentType(OPENMETRICS as never);
  const facts = { name: kind.toLowerCase(), help: 'Help.', registers: [registry] };
  return new (ours[kind] as new (options: object) => unknown)({ ...facts, ...options }) as Metrics[Kind];
}

/** Returns the error of a function as text. */
export function errorOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

async function run<Metric extends original.Metric<string>>(
  create: new (options: object) => Metric,
  options: Options,
  script: (metric: Metric, attempt: (work: () => unknown) => void) => unknown,
): Promise<object> {
  const outcomes: unknown[] = [];
  const attempt = (work: () => unknown): void => {
    try {
      const result = work();
      outcomes.push(typeof result === 'number' ? 'a number' : 'done');
    } catch (error) {
      outcomes.push(String(error));
    }
  };
  let metric: Metric | undefined;
  attempt(() => {
    metric = new create({ name: 'metric', help: 'Help.', ...options });
  });
  if (metric === undefined) return { outcomes };
  await script(metric, attempt);
  return { outcomes, got: comparable(await metric.get()), text: comparable(await forText(metric)) };
}

function forText(metric: object): unknown {
  return (metric as { getForPromString?(): unknown }).getForPromString?.();
}

/** Copies a value without times and prototypes. A missing exemplar becomes `null`, and -0 becomes 0. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  const entries = Object.entries(value).filter(([key]) => key !== 'timestamp');
  return Object.fromEntries(
    entries.map(([key, one]) => [key, key === 'exemplar' ? comparable(one ?? null) : comparable(one)]),
  );
}
