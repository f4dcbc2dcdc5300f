import { metricsFileSuffix, readPushUrl } from 'tinyllm/configuration';
import { expected } from '../command/common-flags.js';
import { type Given, quoted } from '../command/given.js';
import { type MetricsServerOptions, readMetricsServer, refuseWithoutServer, servedFlags } from './metrics-server.js';
import { type ModelOptions, readModel } from './model.js';
import { readPlugins } from './plugin.js';
import { type ResilienceOptions, readResilience } from './resilience.js';
import { readStoreFlags, type StoreSettings } from './stores.js';

/** Options of `tinyllm run`. */
export interface RunCommandOptions extends ModelOptions, MetricsServerOptions {
  readonly query: string;
  /** Default the multi_domain graph. */
  readonly graph: string | undefined;
  /** Modules of node kinds the graph may use. */
  readonly plugins?: readonly string[] | undefined;
  /** What is done for an answer, and who else may give it; default what the settings of the models say. */
  readonly resilience?: ResilienceOptions | undefined;
  /** How long to serve metrics after the run, unless a scrape comes first. */
  readonly lingerSeconds: number;
  /** A Pushgateway or hub to push to at the end; when that fails the command does, too. */
  readonly push?: string | undefined;
  /** A file to write the metrics to at the end; when that fails the command does, too. */
  readonly metricsFile?: string | undefined;
  /** The hub of `TINYLLM_HUB`, to push to at the end; when that fails it is only told. */
  readonly hub?: string | undefined;
  /** The session that the question belongs to, and the cache of answers; default neither. */
  readonly stores?: StoreSettings | undefined;
  readonly trace: boolean;
  readonly json: boolean;
  /** Seconds without a word from the model after which stderr says who is being waited for; default 10. */
  readonly patienceSeconds?: number;
}

/** Reads what `tinyllm run` was given. Throws a `UsageError`. */
export function readRunOptions(given: Given, environment: NodeJS.ProcessEnv): RunCommandOptions {
  const query = given.words('query').join(' ').trim();
  if (query === '' && !given.has('file'))
    throw given.wrong('run got no query; expected a question, such as "What is 2+2?".');
  const options = {
    query,
    graph: given.text('graph', expected.graphFile),
    ...readModel(given),
    ...readPlugins(given),
    resilience: readResilience(given),
    ...readMetricsServer(given),
    lingerSeconds: given.seconds('linger') ?? 30,
    push: readPush(given),
    metricsFile: readMetricsFile(given),
    hub: environment.TINYLLM_HUB || undefined,
    stores: readStoreFlags(given),
    trace: given.switch('trace'),
    json: given.switch('json'),
  };
  refuseIdleFlags(given, options);
  return options;
}

function readPush(given: Given): string | undefined {
  const url = given.text('push', 'a URL such as http://127.0.0.1:9091');
  if (url === undefined) return undefined;
  const read = readPushUrl(url);
  if (!('expected' in read)) return url;
  throw given.wrong(`--push got ${JSON.stringify(read.shown)}; expected ${read.expected}.`);
}

function readMetricsFile(given: Given): string | undefined {
  const file = given.text('metrics-file', `a file whose name ends in ${metricsFileSuffix}`);
  if (file === undefined || file.endsWith(metricsFileSuffix)) return file;
  throw given.wrong(
    `--metrics-file got ${quoted(file)}; expected a name that ends in ${metricsFileSuffix}, since node_exporter reads no other files.`,
  );
}

/** Refuses flags that would do nothing, rather than leave their giver to wonder. */
function refuseIdleFlags(given: Given, { metricsPort, defaultMetrics, ...delivery }: RunCommandOptions): void {
  if (metricsPort !== undefined) return;
  refuseWithoutServer(given, ['metrics-host', ...Object.keys(servedFlags), 'linger']);
  const delivered = delivery.push ?? delivery.metricsFile ?? delivery.hub;
  if (defaultMetrics !== true || delivered !== undefined) return;
  throw given.wrong(
    '--default-metrics adds to metrics that go nowhere; expected --metrics-port, --push or --metrics-file as well.',
  );
}
