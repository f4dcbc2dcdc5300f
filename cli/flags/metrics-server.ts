import type { NativeHistogramsConfiguration } from 'tinyllm';
import type { BucketBounds } from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { expected, localhost, text } from '../command/common-flags.js';
import { type Flags, inGroup } from '../command/flag.js';
import { bucketsFlag, readBuckets } from './buckets.js';
import { nativeHistogramsFlag, readNativeHistograms } from './native-histograms.js';

/** The flags of the metrics server of a command. */
export interface MetricsServerOptions {
  /** The port, or 0 for any free port. Undefined: no metrics server. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** The file with TLS, users and headers. Default: plain HTTP without authentication. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether clients that request OpenMetrics 2.0 get it; default false. */
  readonly openMetrics2?: boolean | undefined;
  /** Whether to include prom-client's default metrics of this process. Default false. */
  readonly defaultMetrics?: boolean | undefined;
  /** Bucket bounds by histogram name. They take precedence over `TINYLLM_BUCKETS`. Default: this variable. */
  readonly buckets?: BucketBounds | undefined;
  /** Which histograms are native. It replaces the choice of `TINYLLM_NATIVE_HISTOGRAMS`. Default: this variable. */
  readonly nativeHistograms?: NativeHistogramsConfiguration | undefined;
}

/** Flags of every metrics server. */
export const metricsEndpointFlags = {
  'web-config-file': {
    ...text,
    describe: "TLS, users and headers of the metrics server, in Prometheus' web.config.yml format",
  },
  'no-page': {
    type: 'boolean',
    describe: 'Do not serve the page with charts; at /, browsers then get the metrics as text',
  },
  'openmetrics-2': {
    type: 'boolean',
    describe: 'Also offer OpenMetrics 2.0, a release candidate that can contain native histograms',
  },
} as const satisfies Flags;

/** The flag that adds prom-client's default metrics. */
export const defaultMetricsFlag = {
  'default-metrics': {
    type: 'boolean',
    describe: "Include prom-client's metrics of this process: CPU, memory, event loop",
  },
} as const satisfies Flags;

/** Flags of the commands that only serve metrics. */
export const portFlags = {
  port: { ...text, describe: 'Port to serve on; 0 picks a free one', defaultDescription: '9090' },
  host: { ...text, describe: 'Address to serve on', defaultDescription: localhost },
  ...metricsEndpointFlags,
} as const satisfies Flags;

/** Flags of the commands that can serve metrics in addition to their main task. */
export const metricsServerFlags = inGroup('Metrics', {
  'metrics-port': { ...text, describe: 'Serve metrics on this port; 0 picks a free one' },
  'metrics-host': { ...text, describe: 'Address to serve metrics on', defaultDescription: localhost },
  ...metricsEndpointFlags,
  ...defaultMetricsFlag,
  ...bucketsFlag,
  ...nativeHistogramsFlag,
});

/** Reads {@link metricsServerFlags}. Throws a `UsageError`. */
export function readMetricsServer(
  args: CommandArguments,
  environment: NodeJS.ProcessEnv = process.env,
): MetricsServerOptions {
  return {
    metricsPort: args.port('metrics-port'),
    metricsHost: args.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: args.text('web-config-file', expected.webConfigFile),
    page: !args.switch('no-page'),
    openMetrics2: args.switch('openmetrics-2'),
    defaultMetrics: args.switch('default-metrics'),
    buckets: readBuckets(args, environment),
    nativeHistograms: readNativeHistograms(args, environment),
  };
}

/** Throws a `UsageError` for flags that have no effect without `--metrics-port`. */
export function rejectWithoutServer(
  args: CommandArguments,
  flags: readonly string[] = Object.keys(metricsServerFlags),
): void {
  if (args.has('metrics-port')) return;
  const unused = flags.find((flag) => args.has(flag));
  if (unused !== undefined) throw args.usageError(`--${unused} works only with a metrics server; add --metrics-port.`);
}
