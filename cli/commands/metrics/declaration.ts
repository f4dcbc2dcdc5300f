import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { defaultMetricsFlag, portFlags } from '../../flags/metrics-server.js';
import { checkMetricsSwitch } from '../../flags/metrics-switch.js';

/** `tinyllm metrics`. */
export const metrics: CommandDeclaration = {
  name: 'metrics',
  summary: 'Collect pushed metrics and serve their sums (hub)',
  details: 'Accepts pushes of any Prometheus client. Also polls Ollama for its loaded models.',
  variables: ['OLLAMA_HOST', 'TINYLLM_METRICS'],
  flags: {
    ...portFlags,
    ...defaultMetricsFlag,
    expire: {
      ...text,
      describe: 'Seconds without a push after which the gauges of a pusher are removed; 0 for never',
      defaultDescription: '300',
    },
    'persistence-file': { ...text, describe: 'File to keep pushed metrics across restarts' },
    'max-push-size': {
      ...text,
      describe: 'Maximum size of a push in bytes, after decompression, such as 65536, 512k or 4M',
      defaultDescription: '4M',
    },
    'max-state-size': {
      ...text,
      describe: 'Maximum size of all names, labels, help texts and numbers in bytes, such as 512k or 256M',
      defaultDescription: '256M',
    },
    debug,
  },
  example: ['tinyllm metrics --port 9090', 'Serve metrics until Ctrl-C'],
  read: (args) => {
    args.rejectWords();
    checkMetricsSwitch(args, process.env);
    const expireSeconds = args.seconds('expire');
    const options = {
      port: args.port('port') ?? 9090,
      host: args.text('host', expected.host) ?? localhost,
      webConfigFile: args.text('web-config-file', expected.webConfigFile),
      page: !args.switch('no-page'),
      openMetrics2: args.switch('openmetrics-2'),
      defaultMetrics: args.switch('default-metrics'),
      expireSeconds: expireSeconds === 0 ? Number.POSITIVE_INFINITY : expireSeconds,
      persistenceFile: args.text('persistence-file', 'a file'),
      maxPushBytes: args.bytes('max-push-size'),
      maxStateBytes: args.bytes('max-state-size'),
    };
    return async (context) => (await import('./metrics.js')).metrics(options, context);
  },
};
