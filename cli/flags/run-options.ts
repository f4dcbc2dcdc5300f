import { metricsFileSuffix, readPushUrl } from 'tinyllm/configuration';
import { type CommandArguments, quoted } from '../command/command-arguments.js';
import { expected } from '../command/common-flags.js';
import { type LabelSettings, readLabels } from './labels.js';
import {
  type MetricsServerOptions,
  metricsEndpointFlags,
  readMetricsServer,
  rejectWithoutServer,
} from './metrics-server.js';
import { type ModelOptions, readModel } from './model.js';
import { readPlugins } from './plugin.js';
import { type ResilienceOptions, readResilience } from './resilience.js';
import { readStoreFlags, type StoreSettings } from './stores.js';

/** Options of `tinyllm run`. */
export interface RunCommandOptions extends ModelOptions, MetricsServerOptions {
  readonly query: string;
  /** The graph file. Default: the multi_domain graph. */
  readonly graph: string | undefined;
  /** Modules that export node kinds for the graph. */
  readonly plugins?: readonly string[] | undefined;
  /** Timeouts, retries, limits and fallbacks. Default: the model settings of the graph file. */
  readonly resilience?: ResilienceOptions | undefined;
  /** Maximum time in seconds to wait for one more scrape after the run. */
  readonly lingerSeconds: number;
  /** A Pushgateway or hub to push to at the end. If the push fails, the command fails. */
  readonly push?: string | undefined;
  /** A file to write the metrics to at the end. If that fails, the command fails. */
  readonly metricsFile?: string | undefined;
  /** The hub of `TINYLLM_HUB` to push to at the end. If the push fails, the error is only printed. */
  readonly hub?: string | undefined;
  /** The session of the question, and the cache of answers. Default: neither. */
  readonly stores?: StoreSettings | undefined;
  /** Additional labels of the metrics. They take precedence over the labels of the graph file. Default: none. */
  readonly labels?: LabelSettings | undefined;
  readonly trace: boolean;
  readonly json: boolean;
  /**
   * If no text arrives and no node ends for this many seconds, a note on stderr says which model server the run is
   * waiting for. Default 10.
   */
  readonly patienceSeconds?: number;
}

/** Reads the arguments of `tinyllm run`. Throws a `UsageError`. */
export function readRunOptions(args: CommandArguments, environment: NodeJS.ProcessEnv): RunCommandOptions {
  // Check --native-histograms first: without a value, it takes the next word, which can be the query.
  const metricsServer = readMetricsServer(args, environment);
  const query = args.words('query').join(' ').trim();
  if (query === '' && !args.has('file'))
    throw args.usageError('run got no query; expected a question, such as "What is 2+2?".');
  const options = {
    query,
    graph: args.text('graph', expected.graphFile),
    ...readModel(args),
    ...readPlugins(args),
    resilience: readResilience(args),
    ...metricsServer,
    lingerSeconds: args.seconds('linger') ?? 30,
    push: readPush(args),
    metricsFile: readMetricsFile(args),
    hub: environment.TINYLLM_HUB || undefined,
    stores: readStoreFlags(args),
    labels: readLabels(args),
    trace: args.switch('trace'),
    json: args.switch('json'),
  };
  rejectUnusedFlags(args, options);
  return options;
}

function readPush(args: CommandArguments): string | undefined {
  const url = args.text('push', 'a URL such as http://127.0.0.1:9091');
  if (url === undefined) return undefined;
  const read = readPushUrl(url);
  if (!('expected' in read)) return url;
  throw args.usageError(`--push got ${JSON.stringify(read.shown)}; expected ${read.expected}.`);
}

function readMetricsFile(args: CommandArguments): string | undefined {
  const file = args.text('metrics-file', `a file whose name ends in ${metricsFileSuffix}`);
  if (file === undefined || file.endsWith(metricsFileSuffix)) return file;
  throw args.usageError(
    `--metrics-file got ${quoted(file)}; expected a name that ends in ${metricsFileSuffix}, because node_exporter reads no other files.`,
  );
}

/** Throws a `UsageError` for flags that would have no effect. */
function rejectUnusedFlags(
  args: CommandArguments,
  { metricsPort, defaultMetrics, buckets, nativeHistograms, labels, ...delivery }: RunCommandOptions,
): void {
  if (metricsPort !== undefined) return;
  rejectWithoutServer(args, ['metrics-host', ...Object.keys(metricsEndpointFlags), 'linger']);
  const pushed = delivery.push ?? delivery.hub;
  if (nativeHistograms !== undefined && pushed === undefined) {
    throw args.usageError(
      '--native-histograms has no effect if no metrics are served or pushed; add --metrics-port or --push. A metrics file contains only classic buckets.',
    );
  }
  if ((pushed ?? delivery.metricsFile) !== undefined) return;
  if (args.has('queue')) rejectLabelsWithoutValue(args, labels);
  // Workers record the labels of the questions in a queue.
  const hasUnusedLabels = labels?.names.length !== 0 && !args.has('queue');
  const unused =
    defaultMetrics === true
      ? 'default-metrics'
      : buckets !== undefined
        ? 'buckets'
        : hasUnusedLabels
          ? 'label'
          : undefined;
  if (unused === undefined) return;
  throw args.usageError(
    `--${unused} has no effect if no metrics are exported; add --metrics-port, --push or --metrics-file.`,
  );
}

/** Throws a `UsageError` for a label that neither this process nor the workers of a queue would record. */
function rejectLabelsWithoutValue(
  args: CommandArguments,
  { names, values }: LabelSettings = { names: [], values: {} },
) {
  const name = names.find((candidate) => !Object.hasOwn(values, candidate));
  if (name === undefined) return;
  throw args.usageError(
    `--label got ${quoted(name)} without a value; expected NAME=VALUE with --queue, because workers record this value. Write --label ${name}=VALUE, or add --metrics-port, --push or --metrics-file.`,
  );
}
