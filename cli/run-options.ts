import { metricsFileSuffix } from '../lib/exposition/metrics-file-suffix.js';
import { readPushUrl } from '../lib/exposition/push-url.js';
import { providerNames } from '../lib/models/provider-names.js';
import { expected, localhost } from './declarations/common-flags.js';
import { readPlugins } from './flags/plugin.js';
import { readBaseUrl } from './flags/provider.js';
import { type ResilienceOptions, readResilience } from './flags/resilience.js';
import { readStoreFlags, type StoreSettings } from './flags/stores.js';
import type { Given } from './given.js';

/** Options of `tinyllm run`. */
export interface RunCommandOptions {
  readonly query: string;
  /** Default the multi_domain graph. */
  readonly graph: string | undefined;
  /** Modules of node kinds the graph may use. */
  readonly plugins?: readonly string[] | undefined;
  /** Default Ollama when it answers, else embedded. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** Where the model's server is; default what the provider's variable says. */
  readonly baseUrl?: string | undefined;
  /** What is done for an answer, and who else may give it; default what the settings of the models say. */
  readonly resilience?: ResilienceOptions | undefined;
  /** Serves metrics when given; 0 for any free port. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** TLS, users and headers of the metrics server; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether prom-client's metrics of this process go wherever the others do; default not. */
  readonly defaultMetrics?: boolean | undefined;
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

/** Flags that say how metrics are served, and nothing when they are not. */
const serverFlags = ['metrics-host', 'web-config-file', 'no-page', 'linger'];

/** Reads what `tinyllm run` was given. Throws a `UsageError`. */
export function readRunOptions(given: Given, environment: NodeJS.ProcessEnv): RunCommandOptions {
  const query = given.words('query').join(' ').trim();
  if (query === '' && !given.has('file'))
    throw given.wrong('run got no query; expected a question, such as "What is 2+2?".');
  const provider = given.choice('provider', providerNames);
  const options = {
    query,
    graph: given.text('graph', expected.graphFile),
    provider,
    baseUrl: readBaseUrl(given, provider),
    ...readPlugins(given),
    model: given.text('model', 'the name of a model'),
    resilience: readResilience(given),
    metricsPort: given.port('metrics-port'),
    metricsHost: given.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: given.text('web-config-file', expected.webConfigFile),
    page: !given.switch('no-page'),
    defaultMetrics: given.switch('default-metrics'),
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
    `--metrics-file got ${JSON.stringify(file)}; expected a name that ends in ${metricsFileSuffix}, since node_exporter reads no other files.`,
  );
}

/** Refuses flags that would do nothing, rather than leave their giver to wonder. */
function refuseIdleFlags(given: Given, { metricsPort, defaultMetrics, ...delivery }: RunCommandOptions): void {
  if (metricsPort !== undefined) return;
  const idle = serverFlags.find((flag) => given.has(flag));
  if (idle !== undefined) throw given.wrong(`--${idle} is for the metrics server; expected --metrics-port as well.`);
  const delivered = delivery.push ?? delivery.metricsFile ?? delivery.hub;
  if (defaultMetrics !== true || delivered !== undefined) return;
  throw given.wrong(
    '--default-metrics adds to metrics that go nowhere; expected --metrics-port, --push or --metrics-file as well.',
  );
}
