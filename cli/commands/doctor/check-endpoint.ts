import { catalog } from 'tinyllm/catalog';
import { Endpoint } from '../top/endpoint.js';
import { EndpointError } from '../top/endpoint-error.js';
import type { Reading, SeriesReading } from '../top/reading.js';
import type { TopUrl } from '../top/top-url.js';
import { checkNativeHistograms } from './check-native-histograms.js';
import { type Finding, failed, note, ok } from './finding.js';
import { readProblems } from './read-problems.js';

const timeoutSeconds = 5;
/** The fix for an endpoint that does not respond. */
const unreachable = 'start the server, and make sure that no firewall blocks its address';

/**
 * Checks that an endpoint serves metrics of TinyLLM, and looks for problems in them.
 *
 * @param prometheus The Prometheus that should store its native histograms, if any.
 */
export async function checkEndpoint(target: TopUrl, prometheus?: TopUrl): Promise<readonly Finding[]> {
  let reading: Reading;
  try {
    const endpoint = new Endpoint({ ...target, timeoutSeconds: timeoutSeconds });
    reading = await endpoint.read(AbortSignal.timeout(2 * timeoutSeconds * 1000));
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    const [found, advice] = error.message.replace(/\.$/, '').split('; ');
    return [failed('endpoint', `${target.shown} ${found}`, advice ?? unreachable)];
  }
  const { families } = reading;
  const count = [...families.values()].reduce((sum, { size }) => sum + size, 0);
  return [
    ok('endpoint', `${target.shown} serves ${families.size} metrics of TinyLLM with ${count} series`),
    traffic(reading),
    cardinality(reading),
    labels(reading),
    ...instrumentation(reading),
    ...(await readProblems(target, AbortSignal.timeout(timeoutSeconds * 1000))).map((problem) =>
      failed('code', problem, 'correct this option in the code of the application'),
    ),
    ...usage(reading),
    ...upstreams(reading),
    ...(await checkNativeHistograms(reading, prometheus)),
  ];
}

function traffic(reading: Reading): Finding {
  const { requests, nodeExecutions, graphExecutions, toolCalls } = catalog;
  const kinds = [requests, nodeExecutions, graphExecutions, toolCalls];
  const [requestCount, nodeCount, graphCount, toolCount] = kinds.map(({ name }) => total(reading, name));
  if (requestCount === 0 && nodeCount === 0 && graphCount === 0 && toolCount === 0) {
    return note(
      'traffic',
      'no requests or executions have been counted yet',
      'send a request or call a decorated function, then repeat the check',
    );
  }
  return ok(
    'traffic',
    `requests: ${requestCount}, node executions: ${nodeCount}, graph executions: ${graphCount}, tool calls: ${toolCount}`,
  );
}

function cardinality(reading: Reading): Finding {
  const overflowing = seriesOf(reading, catalog.metricsOverflow.name).filter((one) => numberOf(one) > 0);
  if (overflowing.length > 0) {
    const found = `metrics that exceeded the limit of label sets: ${overflowing.map(({ labels }) => labels.metric).join(', ')}`;
    return note('series', found, 'find the label with too many different values; maxSeriesPerMetric sets the limit');
  }
  const [most, size] = [...reading.families]
    .map(([name, { size }]) => [name, size] as const)
    .reduce((one, other) => (other[1] > one[1] ? other : one));
  return ok('series', `no metric exceeded the limit of label sets; ${most} has the most: ${size}`);
}

/** The label values if no model or graph was named. */
const unnamed = { model: 'unknown', graph: 'default' } as const;

function labels(reading: Reading): Finding {
  const series = [...reading.families.values()].flatMap((family) => [...family.values()]);
  const missing = Object.entries(unnamed).filter(([label, value]) =>
    series.some(({ labels }) => labels[label] === value),
  );
  if (missing.length === 0) return ok('labels', 'no series has an unknown model or the default graph');
  return note(
    'labels',
    `some series have ${missing.map(([label, value]) => `${label}="${value}"`).join(' and ')}`,
    `pass ${missing.map(([label]) => label).join(' and ')} to the decorator or call; graphContext sets the graph of calls inside graphs`,
  );
}

/** How to fix an instrumentation error, by the value of the label `site`. */
const advice: Readonly<Record<string, string>> = {
  label:
    'correct the label function that throws an error or returns undefined or an invalid value; `onProblem` of startMetricsServer gets its class, method and option',
  classify_error: 'correct the `classifyError` option that throws an error or does not return a string',
  stream: 'correct the `stream` option that throws an error or does not return a stream',
  is_error: 'correct the `isError` option that throws an error or returns a promise',
  usage: 'pass a `usage` option that returns { inputTokens, outputTokens }, or undefined if there are none',
  foreign: "correct the name, values or `collect` of the application's metric that is invalid, fails or hangs",
  result: 'correct the property of a result that throws when it is read',
  proxy: 'report a bug of TinyLLM, or correct the `observe` option that you pass to `startProxy`',
};

function instrumentation(reading: Reading): readonly Finding[] {
  const errors = seriesOf(reading, catalog.instrumentationErrors.name).filter((one) => numberOf(one) > 0);
  if (errors.length === 0) {
    return [
      ok('instrumentation', 'no label function, `usage` option or classifier failed, and no response was unreadable'),
    ];
  }
  return errors.map((one) => {
    const { site = '' } = one.labels;
    return failed(
      'instrumentation',
      `errors at the site ${site}: ${numberOf(one)}`,
      advice[site] ?? 'correct the function of the application that threw an error',
    );
  });
}

/**
 * Checks whether the answered requests reported token counts. Streams of OpenAI's API report them only on request.
 *
 * Requests of the type `count_tokens` are not included, because they generate no tokens.
 */
function usage(reading: Reading): readonly Finding[] {
  const answers = seriesOf(reading, catalog.requestsFinished.name).filter(({ labels }) =>
    answered.has(labels.finish_reason ?? ''),
  );
  const counting = seriesOf(reading, catalog.requests.name).filter(
    ({ labels }) => labels.request_type === 'count_tokens',
  );
  const finished = sumOf(answers) - sumOf(counting);
  const counted = Math.max(
    ...[catalog.requestInputTokens, catalog.requestOutputTokens].map(({ name }) =>
      seriesOf(reading, name).reduce((sum, { values }) => sum + (values.get('count') ?? 0), 0),
    ),
  );
  if (counted >= finished) return [];
  return [
    note(
      'tokens',
      `${finished - counted} of ${finished} answered requests reported no token counts`,
      'if these are streams of OpenAI-compatible servers, pass stream_options: { include_usage: true }',
    ),
  ];
}

/** Checks the upstreams of a proxy. Returns nothing for other endpoints. */
function upstreams(reading: Reading): readonly Finding[] {
  const all = seriesOf(reading, catalog.proxyUpstreamUp.name);
  const down = all.filter((one) => numberOf(one) === 0).map(({ labels }) => labels.upstream ?? '');
  if (all.length === 0) return [];
  if (down.length === 0) return [ok('upstreams', `all upstreams of the proxy respond: ${all.length}`)];
  return down.map((upstream) =>
    failed(
      'upstreams',
      `the upstream ${upstream} does not respond to the proxy (${failuresOf(reading, upstream)})`,
      'start the model server, or correct --upstream of the proxy',
    ),
  );
}

function failuresOf(reading: Reading, upstream: string): string {
  const failures = seriesOf(reading, catalog.proxyUpstreamFailures.name)
    .filter((one) => one.labels.upstream === upstream && numberOf(one) > 0)
    .map((one) => `${one.labels.reason}: ${numberOf(one)}`);
  return failures.length === 0 ? 'no request has failed yet' : `failed requests: ${failures.join(', ')}`;
}

const answered: ReadonlySet<string> = new Set(['stop', 'length', 'tool_calls']);

function seriesOf({ families }: Reading, name: string): readonly SeriesReading[] {
  return [...(families.get(name)?.values() ?? [])];
}

function total(reading: Reading, name: string): number {
  return sumOf(seriesOf(reading, name));
}

function sumOf(series: readonly SeriesReading[]): number {
  return series.reduce((sum, one) => sum + numberOf(one), 0);
}

function numberOf({ values }: SeriesReading): number {
  return values.get('') ?? 0;
}
