import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, expected, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, recordingVariables } from '../../command/environment-variables.js';
import { readQueue } from '../../flags/batch.js';
import { labelFlag, readLabels } from '../../flags/labels.js';
import { metricsServerFlags, readMetricsServer, rejectWithoutServer } from '../../flags/metrics-server.js';
import { modelFlags, readModel } from '../../flags/model.js';
import { pluginFlags, readPlugins } from '../../flags/plugin.js';
import { readResilience } from '../../flags/resilience.js';
import { cacheFlags, readStoreFlags } from '../../flags/stores.js';
import type { WorkerCommandOptions } from './worker.js';

/** `tinyllm worker`. */
export const worker: CommandDeclaration = {
  name: 'worker',
  summary: 'Answer questions of batches from a Redis queue',
  details: 'Start the batches with `tinyllm run --file … --queue …`.',
  variables: [...modelVariables, ...recordingVariables],
  flags: {
    queue: { ...text, describe: 'Redis to get the questions from: redis://host:6379' },
    graph: { ...text, describe: 'Graph file to answer with; repeatable', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...cacheFlags,
    concurrency: { ...text, describe: 'Number of questions to answer at the same time', defaultDescription: '1' },
    rate: {
      ...text,
      describe: 'Maximum rate at which all workers together start questions, such as 10/s, 600/m or 1000/h',
    },
    'stalled-after': {
      ...text,
      describe: 'If a worker sends nothing for this many seconds, other workers get its questions',
      defaultDescription: '30',
    },
    grace: {
      ...text,
      describe: 'Seconds to wait for running questions after Ctrl-C or SIGTERM; then other workers get them',
      defaultDescription: '8',
    },
    ...metricsServerFlags,
    label: {
      ...labelFlag.label,
      describe:
        'Additional label of the metrics, such as tenant=acme. Without a value, as in --label tenant, it gets the value that `tinyllm run --queue --label` sent with the question; repeatable',
    },
    debug,
  },
  example: ['tinyllm worker --queue redis://127.0.0.1:6379', 'Answer questions until Ctrl-C'],
  read: (args) => {
    const options = readWorker(args);
    return async (context) => (await import('./worker.js')).worker(options, context);
  },
};

function readWorker(args: CommandArguments): WorkerCommandOptions {
  args.rejectWords();
  const queue = readQueue(args);
  if (queue === undefined)
    throw args.usageError('worker got no --queue; expected a Redis URL such as redis://127.0.0.1:6379.');
  rejectWithoutServer(args, Object.keys({ ...metricsServerFlags, ...labelFlag }));
  const stalledAfterSeconds = args.seconds('stalled-after') ?? 30;
  if (stalledAfterSeconds < 0.2) {
    throw args.usageError(`--stalled-after got ${stalledAfterSeconds}; expected at least 0.2 seconds.`);
  }
  return {
    queue,
    graphs: args.texts('graph', expected.graphFile),
    ...readModel(args),
    ...readPlugins(args),
    resilience: readResilience(args),
    stores: readStoreFlags(args),
    concurrency: args.count('concurrency') ?? 1,
    startsPerSecond: args.rate('rate'),
    stalledAfterSeconds,
    graceSeconds: args.seconds('grace') ?? 8,
    labels: readLabels(args),
    ...readMetricsServer(args),
  };
}
