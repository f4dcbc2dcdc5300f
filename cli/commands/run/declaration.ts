import { debug, json, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, recordingVariables, sessionVariables } from '../../command/environment-variables.js';
import { inGroup } from '../../command/flag.js';
import { batchFlags, readBatch } from '../../flags/batch.js';
import { labelFlag } from '../../flags/labels.js';
import { metricsServerFlags } from '../../flags/metrics-server.js';
import { modelFlags } from '../../flags/model.js';
import { pluginFlags } from '../../flags/plugin.js';
import { readRunOptions } from '../../flags/run-options.js';
import { storeFlags } from '../../flags/stores.js';

const runMetricsFlags = inGroup('Metrics', {
  ...metricsServerFlags,
  linger: {
    ...text,
    describe: 'Seconds to serve metrics after the answer while waiting for one more scrape',
    defaultDescription: '30',
  },
  push: { ...text, describe: 'URL of a Pushgateway or hub to push metrics to at the end, in addition to TINYLLM_HUB' },
  'metrics-file': {
    ...text,
    describe: "File to write the metrics to at the end, for node_exporter's textfile collector; must end in .prom",
  },
  'default-metrics': {
    ...metricsServerFlags['default-metrics'],
    describe: "Include prom-client's metrics of this process: CPU, memory, event loop",
  },
});

/** `tinyllm run`. */
export const run: CommandDeclaration = {
  name: 'run',
  summary: 'Answer a question with a graph of models and tools',
  details: 'With --file, answer each question in a file.',
  variables: [...modelVariables, ...recordingVariables, 'TINYLLM_HUB', ...sessionVariables],
  failure: 'A question failed, or --push or --metrics-file failed',
  argument: { usage: '[query..]', name: 'query', type: 'string', describe: 'Question to answer' },
  flags: {
    graph: { ...text, describe: 'Graph file to run', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...runMetricsFlags,
    ...labelFlag,
    ...storeFlags,
    ...batchFlags,
    trace: { type: 'boolean', describe: 'Show the executed nodes with times and tokens; not with --file' },
    json: {
      ...json,
      describe: 'Print each answer as a JSON object on stdout; with --output, print one object with the totals',
    },
    debug,
  },
  example: ['tinyllm run "What is 2+2?" --metrics-port 9090', 'Answer a question and serve its metrics'],
  read: (args) => {
    const options = readRunOptions(args, process.env);
    const batch = readBatch(args, options.query);
    if (batch !== undefined) {
      return async (context) => (await import('./batch.js')).batch({ ...options, ...batch }, context);
    }
    return async (context) => (await import('./run.js')).run(options, context);
  },
};
