import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { defaultMetricsFlag, portFlags } from '../../flags/metrics-server.js';

/** `tinyllm metrics`. */
export const metrics: CommandDeclaration = {
  name: 'metrics',
  summary: 'Serve the sums of metrics that are pushed here',
  details: 'It takes pushes of any Prometheus client, and asks Ollama which models it holds in memory.',
  variables: ['OLLAMA_HOST'],
  flags: {
    ...portFlags,
    ...defaultMetricsFlag,
    expire: {
      ...text,
      describe: 'Seconds of silence after which a pusher loses its gauges; 0 for never',
      defaultDescription: '300',
    },
    'persistence-file': { ...text, describe: 'Keep what was pushed in this file, over restarts' },
    'max-push-size': {
      ...text,
      describe: 'Largest push, unzipped, in bytes: 65536, 512k or 4M',
      defaultDescription: '4M',
    },
    'max-state-size': {
      ...text,
      describe: 'Bytes of names, labels and numbers at most, over all pushers: 512k or 256M',
      defaultDescription: '256M',
    },
    debug,
  },
  example: ['tinyllm metrics --port 9090', 'Serve metrics until Ctrl-C'],
  read: (given) => {
    given.nothingElse();
    const expireSeconds = given.seconds('expire');
    const options = {
      port: given.port('port') ?? 9090,
      host: given.text('host', expected.host) ?? localhost,
      webConfigFile: given.text('web-config-file', expected.webConfigFile),
      page: !given.switch('no-page'),
      defaultMetrics: given.switch('default-metrics'),
      expireSeconds: expireSeconds === 0 ? Number.POSITIVE_INFINITY : expireSeconds,
      persistenceFile: given.text('persistence-file', 'a file'),
      maxPushBytes: given.bytes('max-push-size'),
      maxStateBytes: given.bytes('max-state-size'),
    };
    return async (context) => (await import('./metrics.js')).metrics(options, context);
  },
};
