import { providerNames } from '../../lib/models/provider-names.js';
import type { WorkerCommandOptions } from '../commands/worker.js';
import { readQueue } from '../flags/batch.js';
import { pluginFlags, readPlugins } from '../flags/plugin.js';
import { providerFlags, readBaseUrl } from '../flags/provider.js';
import { readResilience, resilienceFlags } from '../flags/resilience.js';
import { readStoreFlags, storeFlags } from '../flags/stores.js';
import type { Given } from '../given.js';
import { debug, expected, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

/** `tinyllm worker`. */
export const worker: CommandDeclaration = {
  name: 'worker',
  summary: 'Answer the questions of batches that are run elsewhere, from a queue in Redis',
  flags: {
    queue: { ...text, describe: 'The Redis to take questions from: redis://host:6379' },
    graph: { ...text, describe: 'Graph file to answer with; several may be given', defaultDescription: 'multi_domain' },
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
    concurrency: { ...text, describe: 'Questions to answer at a time', defaultDescription: '1' },
    rate: { ...text, describe: 'Questions that all workers start at most: 10/s, 600/m or 1000/h' },
    'stalled-after': {
      ...text,
      describe: 'Seconds of silence after which the questions of a worker go to another',
      defaultDescription: '30',
    },
    grace: {
      ...text,
      describe: 'Seconds that questions under way may take after Ctrl-C or SIGTERM, before others get them',
      defaultDescription: '8',
    },
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
  example: ['tinyllm worker --queue redis://127.0.0.1:6379', 'Answer questions until Ctrl-C'],
  read: (given) => {
    const options = readWorker(given);
    return async (context) => (await import('../commands/worker.js')).worker(options, context);
  },
};

function readWorker(given: Given): WorkerCommandOptions {
  given.nothingElse();
  const queue = readQueue(given);
  if (queue === undefined) throw given.wrong('worker got no --queue; expected one such as redis://127.0.0.1:6379.');
  for (const flag of ['metrics-host', 'web-config-file', 'no-page', 'default-metrics']) {
    if (given.has(flag) && !given.has('metrics-port')) {
      throw given.wrong(`--${flag} is for the metrics server; expected --metrics-port as well.`);
    }
  }
  const stalledAfterSeconds = given.seconds('stalled-after') ?? 30;
  if (stalledAfterSeconds < 0.2) throw given.wrong('--stalled-after is too short; expected 0.2 seconds or more.');
  const provider = given.choice('provider', providerNames);
  return {
    queue,
    graphs: given.texts('graph', expected.graphFile),
    provider,
    baseUrl: readBaseUrl(given, provider),
    ...readPlugins(given),
    model: given.text('model', 'the name of a model'),
    resilience: readResilience(given),
    stores: readStoreFlags(given),
    concurrency: given.count('concurrency') ?? 1,
    startsPerSecond: given.rate('rate'),
    stalledAfterSeconds,
    graceSeconds: given.seconds('grace') ?? 8,
    metricsPort: given.port('metrics-port'),
    metricsHost: given.text('metrics-host', expected.host) ?? localhost,
    webConfigFile: given.text('web-config-file', expected.webConfigFile),
    page: !given.switch('no-page'),
    defaultMetrics: given.switch('default-metrics'),
  };
}
