import { catalog } from 'tinyllm/catalog';
import { Endpoint } from '../top/endpoint.js';
import { EndpointError } from '../top/endpoint-error.js';
import type { Reading, SeriesReading } from '../top/reading.js';
import type { TopUrl } from '../top/top-url.js';
import { type Finding, failed, note, ok } from './finding.js';

const answerWithin = 5;
/** What is looked at when nobody answers. */
const unreachable =
  'see that what serves there runs, on an address that is reached from here, with no firewall between';

/** Looks whether an endpoint answers with metrics of TinyLLM, and what is odd about them. */
export async function checkEndpoint(place: TopUrl): Promise<readonly Finding[]> {
  let reading: Reading;
  try {
    const endpoint = new Endpoint({ ...place, timeoutSeconds: answerWithin });
    reading = await endpoint.read(AbortSignal.timeout(2 * answerWithin * 1000));
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    const [found, advice] = error.message.replace(/\.$/, '').split('; ');
    return [failed('endpoint', `${place.shown} ${found}`, advice ?? unreachable)];
  }
  const { families } = reading;
  const count = [...families.values()].reduce((sum, { size }) => sum + size, 0);
  return [
    ok('endpoint', `${place.shown} answers with ${families.size} metrics of TinyLLM, ${count} series`),
    traffic(reading),
    cardinality(reading),
    labels(reading),
    ...instrumentation(reading),
    ...usage(reading),
    ...upstreams(reading),
  ];
}

function traffic(reading: Reading): Finding {
  const { requests, nodeExecutions, graphExecutions } = catalog;
  const [asked, nodes, graphs] = [requests, nodeExecutions, graphExecutions].map(({ name }) => total(reading, name));
  if (asked === 0 && nodes === 0 && graphs === 0) {
    return note('traffic', 'nothing has been counted yet', 'call what is decorated, or send a request, and look again');
  }
  return ok('traffic', `so far requests: ${asked}, node executions: ${nodes}, graph executions: ${graphs}`);
}

function cardinality(reading: Reading): Finding {
  const folded = seriesOf(reading, catalog.metricsOverflow.name).filter((one) => numberOf(one) > 0);
  if (folded.length > 0) {
    const found = `past the cap on label sets: ${folded.map(({ labels }) => labels.metric).join(', ')}`;
    return note('series', found, 'see which label of it never repeats; maxSeriesPerMetric is the cap');
  }
  const [most, size] = [...reading.families]
    .map(([name, { size }]) => [name, size] as const)
    .reduce((one, other) => (other[1] > one[1] ? other : one));
  return ok('series', `no metric is past its cap; ${most} has the most label sets, ${size}`);
}

/** What labels say when nobody has named the model or the graph. */
const unnamed = { model: 'unknown', graph: 'default' } as const;

function labels(reading: Reading): Finding {
  const series = [...reading.families.values()].flatMap((family) => [...family.values()]);
  const missing = Object.entries(unnamed).filter(([label, value]) =>
    series.some(({ labels }) => labels[label] === value),
  );
  if (missing.length === 0) return ok('labels', 'every series names its model and its graph');
  return note(
    'labels',
    `there are series with ${missing.map(([label, value]) => `${label}="${value}"`).join(' and ')}`,
    `give the decorator or the call ${missing.map(([label]) => label).join(' and ')}`,
  );
}

/** How to fix the instrumentation errors of each site; by default, a function of the application threw. */
const advice: Readonly<Record<string, string>> = {
  usage: 'pass a `usage` option that returns { inputTokens, outputTokens }, or undefined if there are none',
  foreign:
    "correct the name, values or `collect` of the application's prom-client metric that is invalid, fails or hangs",
  result: 'correct the property of a result that throws when it is read',
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
      advice[site] ?? 'correct the function at that site: its calls lack labels or tokens',
    );
  });
}

/** Streams of OpenAI's API state their tokens only on request. Requests that count tokens cost none. */
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
      `${finished - counted} of ${finished} answered requests stated no token counts`,
      'if these are streams of OpenAI-compatible servers, pass stream_options: { include_usage: true }',
    ),
  ];
}

/** The model servers behind a proxy; nothing for any other endpoint. */
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
