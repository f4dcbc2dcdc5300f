import { debug, expected, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

/** `tinyllm metrics`. */
export const metrics: CommandDeclaration = {
  name: 'metrics',
  summary: 'Take pushed metrics and serve their sums, and which models Ollama holds in memory',
  flags: {
    port: { ...text, describe: 'Port to serve on; 0 picks a free one', defaultDescription: '9090' },
    host: { ...text, describe: 'Address to serve on', defaultDescription: localhost },
    'web-config-file': webConfigFile,
    'no-page': noPage,
    'default-metrics': {
      type: 'boolean',
      describe: "Serve prom-client's metrics of this process too: CPU, memory, event loop",
    },
    expire: {
      ...text,
      describe: 'Seconds of silence after which a pusher loses its gauges; 0 for never',
      defaultDescription: '300',
    },
    'persistence-file': { ...text, describe: 'Keep what was pushed in this file, over restarts' },
    'max-push-size': { ...text, describe: 'Largest push, unzipped: bytes, or with k or M', defaultDescription: '4M' },
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
    };
    return async (context) => (await import('../commands/metrics.js')).metrics(options, context);
  },
};
