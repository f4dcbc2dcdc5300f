import { expected, localhost, text } from '../command/common-flags.js';
import { type Flags, inGroup } from '../command/flag.js';
import type { Given } from '../command/given.js';

/** How a command serves the metrics of what it does, as flags say it. */
export interface MetricsServerOptions {
  /** Serves metrics when given; 0 for any free port. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** TLS, users and headers of the metrics server; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether prom-client's metrics of this process are among them; default not. */
  readonly defaultMetrics?: boolean | undefined;
}

/** Flags of how metrics are served, wherever that is. */
export const servedFlags = {
  'web-config-file': {
    ...text,
    describe: "TLS, users and headers of the metrics server, in Prometheus' web.config.yml format",
  },
  'no-page': {
    type: 'boolean',
    describe: 'Answer browsers at / with the metrics too, not with the page that draws them',
  },
} as const satisfies Flags;

/** Adds what prom-client knows of the process. */
export const defaultMetricsFlag = {
  'default-metrics': {
    type: 'boolean',
    describe: "Serve prom-client's metrics of this process too: CPU, memory, event loop",
  },
} as const satisfies Flags;

/** Flags of the commands that serve metrics and nothing else. */
export const portFlags = {
  port: { ...text, describe: 'Port to serve on; 0 picks a free one', defaultDescription: '9090' },
  host: { ...text, describe: 'Address to serve on', defaultDescription: localhost },
  ...servedFlags,
} as const satisfies Flags;

/** Flags of the commands that serve metrics beside what they do. */
export const metricsServerFlags = inGroup('Metrics', {
  'metrics-port': { ...text, describe: 'Serve metrics on this port; 0 picks a free one' },
  'metrics-host': { ...text, describe: 'Address to serve them on', defaultDescription: localhost },
  ...servedFlags,
  ...defaultMetricsFlag,
});

/** Reads {@link metricsServerFlags}. Throws a `UsageError`. */
export function readMetricsServer(given: Given): MetricsServerOptions {
  return {
    metricsPort: given.port('metrics-port'),
    metricsHost: given.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: given.text('web-config-file', expected.webConfigFile),
    page: !given.switch('no-page'),
    defaultMetrics: given.switch('default-metrics'),
  };
}

/** Refuses flags of a metrics server that is not asked for, rather than leave their giver to wonder. Throws a `UsageError`. */
export function refuseWithoutServer(given: Given, flags: readonly string[] = Object.keys(metricsServerFlags)): void {
  if (given.has('metrics-port')) return;
  const idle = flags.find((flag) => given.has(flag));
  if (idle !== undefined) throw given.wrong(`--${idle} is for the metrics server; expected --metrics-port as well.`);
}
