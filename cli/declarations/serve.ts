import { providerNames } from '../../lib/models/provider-names.js';
import type { ServeCommandOptions } from '../commands/serve.js';
import { pluginFlags, readPlugins } from '../flags/plugin.js';
import { providerFlags, readBaseUrl } from '../flags/provider.js';
import { readResilience, resilienceFlags } from '../flags/resilience.js';
import { readStoreFlags, storeFlags } from '../flags/stores.js';
import type { Given } from '../given.js';
import { debug, expected, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** `tinyllm serve`. */
export const serve: CommandDeclaration = {
  name: 'serve',
  summary: 'Serve graphs as models behind an OpenAI-compatible API',
  flags: {
    graph: { ...text, describe: 'Graph file to serve; several may be given', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    provider: {
      ...text,
      describe: 'Who answers: embedded, ollama, openai for any OpenAI-compatible server, or llama-cpp for a GGUF file',
      defaultDescription: 'openai with --base-url; ollama when it answers, else embedded',
    },
    model: { ...text, describe: "Model to ask, by the provider's name for it; for llama-cpp a file" },
    ...providerFlags,
    ...resilienceFlags,
    cache: storeFlags.cache,
    'cache-ttl': storeFlags['cache-ttl'],
    port: { ...text, describe: 'Serve the API on this port; 0 picks a free one', defaultDescription: '8080' },
    host: { ...text, describe: 'Address to serve it on', defaultDescription: localhost },
    'api-keys-file': { ...text, describe: 'Answer only those who send a bearer key of this file, one a line' },
    deadline: {
      ...text,
      describe: 'Seconds a request may take in all, its wait for a run included',
      defaultDescription: '600',
    },
    concurrency: { ...text, describe: 'Requests to answer at a time', defaultDescription: '4' },
    'max-waiting': {
      ...text,
      describe: 'Requests that wait at most, before others get 503',
      defaultDescription: '100',
    },
    'body-limit': { ...text, describe: 'Largest request in bytes: 65536, 512k or 4M', defaultDescription: '1M' },
    'drain-delay': {
      ...text,
      describe: 'Seconds to go on answering after Ctrl-C or SIGTERM, while /readyz says 503',
      defaultDescription: '0',
    },
    grace: {
      ...text,
      describe: 'Seconds that answers under way may take after that',
      defaultDescription: '10',
    },
    'log-level': { ...text, describe: `What to log on stderr: ${logLevels.join(', ')}`, defaultDescription: 'info' },
    'log-prompts': { type: 'boolean', describe: 'Log what is asked and answered, too' },
    'metrics-port': { ...text, describe: 'Serve metrics on this port; 0 picks a free one' },
    'metrics-host': { ...text, describe: 'Address to serve them on', defaultDescription: localhost },
    'web-config-file': webConfigFile,
    'no-page': noPage,
    'default-metrics': {
      type: 'boolean',
      describe: "Serve prom-client's metrics of this process too: CPU, memory, event loop",
    },
    debug,
  },
  example: ['tinyllm serve --port 8080 --metrics-port 9090', 'Answer at http://127.0.0.1:8080/v1 until Ctrl-C'],
  read: (given) => {
    const options = readServe(given);
    return async (context) => (await import('../commands/serve.js')).serve(options, context);
  },
};

function readServe(given: Given): ServeCommandOptions {
  given.nothingElse();
  for (const flag of ['metrics-host', 'web-config-file', 'no-page', 'default-metrics']) {
    if (given.has(flag) && !given.has('metrics-port')) {
      throw given.wrong(`--${flag} is for the metrics server; expected --metrics-port as well.`);
    }
  }
  const deadlineSeconds = given.seconds('deadline') ?? 600;
  if (deadlineSeconds === 0) throw given.wrong('--deadline got 0; expected seconds above 0.');
  const provider = given.choice('provider', providerNames);
  return {
    graphs: given.texts('graph', expected.graphFile),
    provider,
    baseUrl: readBaseUrl(given, provider),
    ...readPlugins(given),
    model: given.text('model', 'the name of a model'),
    resilience: readResilience(given),
    stores: readStoreFlags(given),
    port: given.port('port') ?? 8080,
    host: given.text('host', expected.host) ?? localhost,
    apiKeysFile: given.text('api-keys-file', 'a file of API keys, one a line'),
    deadlineSeconds,
    concurrency: given.count('concurrency') ?? 4,
    maxWaiting: given.count('max-waiting') ?? 100,
    bodyLimit: given.bytes('body-limit') ?? 1024 ** 2,
    drainSeconds: given.seconds('drain-delay') ?? 0,
    graceSeconds: given.seconds('grace') ?? 10,
    logLevel: given.choice('log-level', logLevels) ?? 'info',
    logPrompts: given.switch('log-prompts'),
    metricsPort: given.port('metrics-port'),
    metricsHost: given.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: given.text('web-config-file', expected.webConfigFile),
    page: !given.switch('no-page'),
    defaultMetrics: given.switch('default-metrics'),
  };
}
