import type { ProxyCommandOptions } from '../commands/proxy.js';
import type { Given } from '../given.js';
import { debug, expected, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

const ollama = 'http://127.0.0.1:11434';

/** `tinyllm proxy`. */
export const proxy: CommandDeclaration = {
  name: 'proxy',
  summary: 'Pass requests on to a model server unchanged, and serve metrics of them',
  flags: {
    upstream: {
      ...text,
      describe:
        'Ollama or an OpenAI-compatible server; of several the one with the fewest requests in flight gets the next',
      defaultDescription: ollama,
    },
    port: { ...text, describe: 'Listen on this port; 0 picks a free one', defaultDescription: '11435' },
    host: { ...text, describe: 'Address to listen on', defaultDescription: localhost },
    grace: {
      ...text,
      describe: 'Seconds that answers under way may take after Ctrl-C or SIGTERM',
      defaultDescription: '8',
    },
    'metrics-port': { ...text, describe: 'Serve metrics on this port; 0 picks a free one', defaultDescription: '9090' },
    'metrics-host': { ...text, describe: 'Address to serve them on', defaultDescription: localhost },
    'web-config-file': webConfigFile,
    'no-page': noPage,
    'default-metrics': {
      type: 'boolean',
      describe: "Serve prom-client's metrics of this process too: CPU, memory, event loop",
    },
    debug,
  },
  example: [`tinyllm proxy --upstream ${ollama} --port 11435 --metrics-port 9090`, 'Watch an Ollama'],
  read: (given) => {
    const options = readProxy(given);
    return async (context) => (await import('../commands/proxy.js')).proxy(options, context);
  },
};

function readProxy(given: Given): ProxyCommandOptions {
  given.nothingElse();
  const upstreams = given.texts('upstream', `a server such as ${ollama}`);
  return {
    upstreams: upstreams.length === 0 ? [ollama] : upstreams,
    port: given.port('port') ?? 11_435,
    host: given.text('host', expected.host) ?? localhost,
    graceSeconds: given.seconds('grace') ?? 8,
    metricsPort: given.port('metrics-port') ?? 9090,
    metricsHost: given.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: given.text('web-config-file', expected.webConfigFile),
    page: !given.switch('no-page'),
    defaultMetrics: given.switch('default-metrics'),
  };
}
