import { batchFlags, readBatch } from '../flags/batch.js';
import { pluginFlags } from '../flags/plugin.js';
import { providerFlags } from '../flags/provider.js';
import { resilienceFlags } from '../flags/resilience.js';
import { storeFlags } from '../flags/stores.js';
import { readRunOptions } from '../run-options.js';
import { debug, json, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

/** `tinyllm run`. */
export const run: CommandDeclaration = {
  name: 'run',
  summary: 'Answer a question with a graph of models and tools',
  argument: { usage: '[query..]', name: 'query', type: 'string', describe: 'The question' },
  flags: {
    graph: { ...text, describe: 'Graph file to run', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    provider: {
      ...text,
      describe: 'Who answers: embedded, ollama, openai for any OpenAI-compatible server, or llama-cpp for a GGUF file',
      defaultDescription: 'openai with --base-url; ollama when it answers, else embedded',
    },
    model: { ...text, describe: "Model to ask, by the provider's name for it; for llama-cpp a file" },
    ...providerFlags,
    ...resilienceFlags,
    'metrics-port': { ...text, describe: 'Serve metrics on this port while running; 0 picks a free one' },
    'metrics-host': { ...text, describe: 'Address to serve them on', defaultDescription: localhost },
    'web-config-file': webConfigFile,
    'no-page': noPage,
    linger: {
      ...text,
      describe: 'Seconds to keep serving metrics after the answer, until one scrape has come',
      defaultDescription: '30',
    },
    push: {
      ...text,
      describe: 'Push the metrics to this Pushgateway or hub at the end, besides the hub in TINYLLM_HUB',
    },
    'metrics-file': {
      ...text,
      describe:
        "Write the metrics at the end to this file, which must end in .prom, for node_exporter's textfile collector",
    },
    'default-metrics': {
      type: 'boolean',
      describe: "Serve, push and write prom-client's metrics of this process too: CPU, memory, event loop",
    },
    ...storeFlags,
    ...batchFlags,
    trace: { type: 'boolean', describe: 'Show the nodes passed, with times and tokens' },
    json,
    debug,
  },
  example: ['tinyllm run "What is 2+2?" --metrics-port 9090', 'Answer, and serve the metrics of it'],
  read: (given) => {
    const options = readRunOptions(given, process.env);
    const batch = readBatch(given, options.query);
    if (batch !== undefined) {
      return async (context) => (await import('../commands/batch.js')).batch({ ...options, ...batch }, context);
    }
    return async (context) => (await import('../commands/run.js')).run(options, context);
  },
};
