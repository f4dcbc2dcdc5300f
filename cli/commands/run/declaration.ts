import { debug, json, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, sessionVariables } from '../../command/environment-variables.js';
import { inGroup } from '../../command/flag.js';
import { batchFlags, readBatch } from '../../flags/batch.js';
import { metricsServerFlags } from '../../flags/metrics-server.js';
import { modelFlags } from '../../flags/model.js';
import { pluginFlags } from '../../flags/plugin.js';
import { readRunOptions } from '../../flags/run-options.js';
import { storeFlags } from '../../flags/stores.js';

const runMetricsFlags = inGroup('Metrics', {
  ...metricsServerFlags,
  linger: {
    ...text,
    describe: 'Seconds to keep serving metrics after the answer, until one more scrape has come',
    defaultDescription: '30',
  },
  push: { ...text, describe: 'Push the metrics to this Pushgateway or hub at the end, besides the hub in TINYLLM_HUB' },
  'metrics-file': {
    ...text,
    describe:
      "Write the metrics at the end to this file, which must end in .prom, for node_exporter's textfile collector",
  },
  'default-metrics': {
    ...metricsServerFlags['default-metrics'],
    describe: "Serve, push and write prom-client's metrics of this process too: CPU, memory, event loop",
  },
});

/** `tinyllm run`. */
export const run: CommandDeclaration = {
  name: 'run',
  summary: 'Answer a question with a graph of models and tools',
  details: 'Or, with --file, many questions at once.',
  variables: [...modelVariables, 'TINYLLM_HUB', ...sessionVariables],
  failure: 'An answer is missing, or the metrics were not delivered',
  argument: { usage: '[query..]', name: 'query', type: 'string', describe: 'The question' },
  flags: {
    graph: { ...text, describe: 'Graph file to run', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...runMetricsFlags,
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
      return async (context) => (await import('./batch.js')).batch({ ...options, ...batch }, context);
    }
    return async (context) => (await import('./run.js')).run(options, context);
  },
};
