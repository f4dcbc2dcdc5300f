import { debug, expected, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables } from '../../command/environment-variables.js';
import type { Given } from '../../command/given.js';
import { readQueue } from '../../flags/batch.js';
import { metricsServerFlags, readMetricsServer, refuseWithoutServer } from '../../flags/metrics-server.js';
import { modelFlags, readModel } from '../../flags/model.js';
import { pluginFlags, readPlugins } from '../../flags/plugin.js';
import { readResilience } from '../../flags/resilience.js';
import { cacheFlags, readStoreFlags } from '../../flags/stores.js';
import type { WorkerCommandOptions } from './worker.js';

/** `tinyllm worker`. */
export const worker: CommandDeclaration = {
  name: 'worker',
  summary: 'Answer the questions of batches, from a queue in Redis',
  details: 'The batches run elsewhere, with `tinyllm run --file … --queue …`.',
  variables: modelVariables,
  flags: {
    queue: { ...text, describe: 'The Redis to take questions from: redis://host:6379' },
    graph: { ...text, describe: 'Graph file to answer with; repeatable', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...cacheFlags,
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
    ...metricsServerFlags,
    debug,
  },
  example: ['tinyllm worker --queue redis://127.0.0.1:6379', 'Answer questions until Ctrl-C'],
  read: (given) => {
    const options = readWorker(given);
    return async (context) => (await import('./worker.js')).worker(options, context);
  },
};

function readWorker(given: Given): WorkerCommandOptions {
  given.nothingElse();
  const queue = readQueue(given);
  if (queue === undefined) throw given.wrong('worker got no --queue; expected one such as redis://127.0.0.1:6379.');
  refuseWithoutServer(given);
  const stalledAfterSeconds = given.seconds('stalled-after') ?? 30;
  if (stalledAfterSeconds < 0.2) {
    throw given.wrong(`--stalled-after got ${stalledAfterSeconds}; expected seconds from 0.2 on.`);
  }
  return {
    queue,
    graphs: given.texts('graph', expected.graphFile),
    ...readModel(given),
    ...readPlugins(given),
    resilience: readResilience(given),
    stores: readStoreFlags(given),
    concurrency: given.count('concurrency') ?? 1,
    startsPerSecond: given.rate('rate'),
    stalledAfterSeconds,
    graceSeconds: given.seconds('grace') ?? 8,
    ...readMetricsServer(given),
  };
}
