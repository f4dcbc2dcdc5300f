import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, recordingVariables } from '../../command/environment-variables.js';
import { type ClientLabelSettings, clientLabelFlags, readClientLabels } from '../../flags/client-labels.js';
import { metricsServerFlags, readMetricsServer, rejectWithoutServer } from '../../flags/metrics-server.js';
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
  variables: [...modelVariables, ...recordingVariables],
  flags: {
    graph: { ...text, describe: 'Graph file to serve; repeatable', defaultDescription: 'multi_domain' },
    ...pluginFlags,
    ...modelFlags,
    ...cacheFlags,
    port: { ...text, describe: 'Port to serve the API on; 0 picks a free one', defaultDescription: '8080' },
    host: { ...text, describe: 'Address to serve the API on', defaultDescription: localhost },
    'api-keys-file': {
      ...text,
      describe:
        'File of API keys, one per line, with name=NAME after a key that has a name; requests then need one, as Authorization: Bearer KEY',
    },
    deadline: {
      ...text,
      describe: 'Timeout of a request in seconds, including its time in the queue',
      defaultDescription: '600',
    },
    concurrency: { ...text, describe: 'Number of requests to answer at the same time', defaultDescription: '4' },
    'max-waiting': {
      ...text,
      describe: 'Maximum number of waiting requests; others get 503',
      defaultDescription: '100',
    },
    'max-connections': {
      ...text,
      describe: 'Maximum number of connections; beyond it, a new one replaces the one that has been idle for longest',
      defaultDescription: '512',
    },
    'body-limit': {
      ...text,
      describe: 'Maximum size of a request in bytes, such as 65536, 512k or 4M',
      defaultDescription: '1M',
    },
    'drain-delay': {
      ...text,
      describe: 'Seconds to keep answering after Ctrl-C or SIGTERM, while /readyz returns 503',
      defaultDescription: '0',
    },
    grace: {
      ...text,
      describe: 'Seconds to wait for running requests after --drain-delay',
      defaultDescription: '10',
    },
    'log-level': {
      ...text,
      accepts: logLevels,
      describe: `Minimum level of the log on stderr: ${logLevels.join(', ')}`,
      defaultDescription: 'info',
    },
    'log-prompts': { type: 'boolean', describe: 'Include questions and answers in the log' },
    ...metricsServerFlags,
    ...clientLabelFlags,
    label: {
      ...clientLabelFlags.label,
      describe:
        'Additional label of the metrics of requests, nodes, graphs and tools, from a header (tenant=header:X-Tenant), the name of the API key (team=key), a text (env=value:prod) or the model provider (provider); repeatable',
    },
    debug,
  },
  example: ['tinyllm serve --port 8080 --metrics-port 9090', 'Serve http://127.0.0.1:8080/v1 until Ctrl-C'],
  read: (args) => {
    const options = readServe(args);
    return async (context) => (await import('./serve.js')).serve(options, context);
  },
};

/** The clients of models set the label `provider`, and no other one. */
function readServeLabels(args: CommandArguments): ClientLabelSettings {
  const settings = readClientLabels(args);
  const [name] =
    Object.entries(settings.labels).find(([label, source]) => source === 'provider' && label !== source) ?? [];
  if (name === undefined) return settings;
  throw args.usageError(
    `--label got "${name}=provider"; expected --label provider, because serve can't rename this label.`,
  );
}

function readServe(args: CommandArguments): ServeCommandOptions {
  args.rejectWords();
  rejectWithoutServer(args, Object.keys({ ...metricsServerFlags, ...clientLabelFlags }));
  const deadlineSeconds = args.seconds('deadline') ?? 600;
  if (deadlineSeconds === 0) throw args.usageError('--deadline got 0; expected seconds above 0.');
  return {
    graphs: args.texts('graph', expected.graphFile),
    ...readModel(args),
    ...readPlugins(args),
    resilience: readResilience(args),
    stores: readStoreFlags(args),
    port: args.port('port') ?? 8080,
    host: args.text('host', expected.host) ?? localhost,
    apiKeysFile: args.text('api-keys-file', 'a file of API keys, one per line'),
    deadlineSeconds,
    concurrency: args.count('concurrency') ?? 4,
    maxWaiting: args.count('max-waiting') ?? 100,
    maxConnections: args.count('max-connections') ?? 512,
    bodyLimit: args.bytes('body-limit') ?? 1024 ** 2,
    drainSeconds: args.seconds('drain-delay') ?? 0,
    graceSeconds: args.seconds('grace') ?? 10,
    logLevel: args.choice('log-level', logLevels) ?? 'info',
    logPrompts: args.switch('log-prompts'),
    ...readServeLabels(args),
    ...readMetricsServer(args),
  };
}
