import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables } from '../../command/environment-variables.js';
import type { Given } from '../../command/given.js';
import { metricsServerFlags, readMetricsServer, refuseWithoutServer } from '../../flags/metrics-server.js';
import { modelFlags, readModel } from '../../flags/model.js';
import { pluginFlags, readPlugins } from '../../flags/plugin.js';
import { readResilience } from '../../flags/resilience.js';
import { cacheFlags, readStoreFlags } from '../../flags/stores.js';
import type { ServeCommandOptions } from './serve.js';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** `tinyllm serve`. */
export const serve: CommandDeclaration = {
  name: 'serve',
  summary: 'Serve graphs as models behind an OpenAI-compatible API',
  variables: modelVariables,
  flags: {
    graph: { ...text, describe: 'Graph file to serve; repeatable', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...cacheFlags,
    port: { ...text, describe: 'Port to serve the API on; 0 picks a free one', defaultDescription: '8080' },
    host: { ...text, describe: 'Address to serve it on', defaultDescription: localhost },
    'api-keys-file': {
      ...text,
      describe: 'File of keys, one a line: requests then need one, as Authorization: Bearer KEY',
    },
    deadline: {
      ...text,
      describe: 'Seconds a request may take in all, its wait for a run included',
      defaultDescription: '600',
    },
    concurrency: { ...text, describe: 'Requests to answer at a time', defaultDescription: '4' },
    'max-waiting': {
      ...text,
      describe: 'Requests that wait at most; others get 503',
      defaultDescription: '100',
    },
    'max-connections': {
      ...text,
      describe: 'Connections at most; a new one then replaces the one that is idle for longest',
      defaultDescription: '512',
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
    'log-level': {
      ...text,
      accepts: logLevels,
      describe: `What to log on stderr: ${logLevels.join(', ')}`,
      defaultDescription: 'info',
    },
    'log-prompts': { type: 'boolean', describe: 'Log what is asked and answered, too' },
    ...metricsServerFlags,
    debug,
  },
  example: ['tinyllm serve --port 8080 --metrics-port 9090', 'Answer at http://127.0.0.1:8080/v1 until Ctrl-C'],
  read: (given) => {
    const options = readServe(given);
    return async (context) => (await import('./serve.js')).serve(options, context);
  },
};

function readServe(given: Given): ServeCommandOptions {
  given.nothingElse();
  refuseWithoutServer(given);
  const deadlineSeconds = given.seconds('deadline') ?? 600;
  if (deadlineSeconds === 0) throw given.wrong('--deadline got 0; expected seconds above 0.');
  return {
    graphs: given.texts('graph', expected.graphFile),
    ...readModel(given),
    ...readPlugins(given),
    resilience: readResilience(given),
    stores: readStoreFlags(given),
    port: given.port('port') ?? 8080,
    host: given.text('host', expected.host) ?? localhost,
    apiKeysFile: given.text('api-keys-file', 'a file of keys, one a line'),
    deadlineSeconds,
    concurrency: given.count('concurrency') ?? 4,
    maxWaiting: given.count('max-waiting') ?? 100,
    maxConnections: given.count('max-connections') ?? 512,
    bodyLimit: given.bytes('body-limit') ?? 1024 ** 2,
    drainSeconds: given.seconds('drain-delay') ?? 0,
    graceSeconds: given.seconds('grace') ?? 10,
    logLevel: given.choice('log-level', logLevels) ?? 'info',
    logPrompts: given.switch('log-prompts'),
    ...readMetricsServer(given),
  };
}
