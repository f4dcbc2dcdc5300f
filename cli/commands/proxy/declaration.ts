import { ProxySettingsError, readUpstreamUrl } from '@tinyllm/proxy/settings';
import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { recordingVariables } from '../../command/environment-variables.js';
import { clientLabelFlags, readClientLabels } from '../../flags/client-labels.js';
import { metricsServerFlags, readMetricsServer } from '../../flags/metrics-server.js';
import type { ProxyCommandOptions } from './proxy.js';

const ollama = 'http://127.0.0.1:11434';

/** `tinyllm proxy`. */
export const proxy: CommandDeclaration = {
  name: 'proxy',
  summary: 'Forward requests to model servers and record metrics',
  details:
    'To record metrics per tenant, add --label tenant=header:X-Tenant. The label then has the value of this request header.',
  variables: recordingVariables,
  flags: {
    upstream: {
      ...text,
      describe:
        'URL of Ollama or an OpenAI-compatible server; repeatable. Each request goes to the server with the fewest requests in flight',
      defaultDescription: ollama,
    },
    port: { ...text, describe: 'Port to listen on; 0 picks a free one', defaultDescription: '11435' },
    host: {
      ...text,
      describe:
        'Address to listen on. On loopback and without API keys, requests with a public name in Host are rejected',
      defaultDescription: localhost,
    },
    models: {
      ...text,
      describe: 'Comma-separated models with their own series; all others share the label value "other"',
      defaultDescription: 'the first --max-models',
    },
    'max-models': {
      ...text,
      describe:
        'If --models is not given: number of models that get their own series; further models share the label value "other"',
      defaultDescription: '100',
    },
    graphs: {
      ...text,
      describe:
        'Comma-separated values of X-TinyLLM-Graph with their own series; all others share the label value "other"',
      defaultDescription: 'the first --max-graphs',
    },
    'max-graphs': {
      ...text,
      describe:
        'If --graphs is not given: number of values of X-TinyLLM-Graph that get their own series; further values share the label value "other"',
      defaultDescription: '100',
    },
    ...clientLabelFlags,
    'inspect-limit': {
      ...text,
      describe:
        'Maximum size of an inspected body, 1 to 256M, such as 65536, 512k or 4M. Larger ones are forwarded uninspected',
      defaultDescription: '8M',
    },
    'inspect-memory': {
      ...text,
      describe: 'Memory for the inspection of all bodies, 1 to 256M; beyond it, bodies are forwarded uninspected',
      defaultDescription: '64M',
    },
    'no-ps': { type: 'boolean', describe: 'Do not poll the upstreams for their loaded models' },
    'api-keys-file': {
      ...text,
      describe:
        'File of API keys, one per line, with name=NAME after a key that has a name. Each request then needs one of the keys, in Authorization: Bearer, x-api-key, api-key or x-goog-api-key; the proxy does not forward the key',
    },
    'upstream-key-file': {
      ...text,
      describe: 'File with one key to send to the upstreams instead of the key of the client',
    },
    rate: {
      ...text,
      describe:
        'Maximum request rate, such as 10/s, 600/m or 1000/h; per API key if there are keys. Requests above the rate get 429',
      defaultDescription: 'no limit',
    },
    'max-concurrent': {
      ...text,
      describe: 'Maximum number of requests in flight to the upstreams; others wait',
      defaultDescription: 'no limit',
    },
    'max-waiting': {
      ...text,
      describe: 'Maximum number of waiting requests; others get 503',
      defaultDescription: '100',
    },
    'max-connections': {
      ...text,
      describe:
        'Maximum number of client connections; beyond it, the one that has been idle for longest is closed, or the new one if none is idle',
      defaultDescription: '1024',
    },
    'stall-seconds': {
      ...text,
      describe: 'Seconds after which a client that does not read its response is disconnected; above 0',
      defaultDescription: '60',
    },
    'breaker-failures': {
      ...text,
      describe:
        'Consecutive failures after which an upstream counts as down and, if there are others, gets no requests',
      defaultDescription: '5',
    },
    'breaker-seconds': {
      ...text,
      describe: 'Seconds that a failed upstream gets no requests; then it gets one trial request',
      defaultDescription: '10',
    },
    grace: {
      ...text,
      describe: 'Seconds to wait for running requests after Ctrl-C or SIGTERM',
      defaultDescription: '8',
    },
    ...metricsServerFlags,
    'metrics-port': { ...metricsServerFlags['metrics-port'], defaultDescription: '9090' },
    debug,
  },
  example: [`tinyllm proxy --upstream ${ollama} --port 11435 --metrics-port 9090`, 'Record metrics of Ollama'],
  read: (args) => {
    const options = readProxy(args);
    return async (context) => (await import('./proxy.js')).proxy(options, context);
  },
};

function readProxy(args: CommandArguments): ProxyCommandOptions {
  args.rejectWords();
  const upstreams = args.texts('upstream', `a server such as ${ollama}`);
  for (const upstream of upstreams) rejectInvalidUpstream(args, upstream);
  if (args.has('max-waiting') && !args.has('max-concurrent')) {
    throw args.usageError('--max-waiting works only with a limit of concurrent requests; add --max-concurrent.');
  }
  for (const flag of ['models', 'graphs']) {
    if (!args.has(flag) || !args.has(`max-${flag}`)) continue;
    throw args.usageError(
      `--max-${flag} cannot be combined with --${flag}, which lists all names; give only one of them.`,
    );
  }
  if (args.seconds('stall-seconds') === 0) {
    throw args.usageError('--stall-seconds got 0, which would disconnect every client; expected a number above 0.');
  }
  if (args.has('upstream-key-file') && !args.has('api-keys-file')) {
    throw args.usageError('--upstream-key-file would let every client use the key; add --api-keys-file.');
  }
  return {
    models: readNames(args, 'models'),
    maxModels: args.count('max-models'),
    graphs: readNames(args, 'graphs'),
    maxGraphs: args.count('max-graphs'),
    ...readClientLabels(args),
    inspectLimit: args.bytes('inspect-limit'),
    inspectMemory: args.bytes('inspect-memory'),
    residency: !args.switch('no-ps'),
    apiKeysFile: args.text('api-keys-file', 'a file of API keys, one per line'),
    upstreamKeyFile: args.text('upstream-key-file', 'a file with one key'),
    requestsPerSecond: args.rate('rate'),
    maxConcurrent: args.count('max-concurrent'),
    maxWaiting: args.count('max-waiting'),
    maxConnections: args.count('max-connections'),
    stalledClientSeconds: args.seconds('stall-seconds'),
    breakerFailures: args.count('breaker-failures'),
    breakerSeconds: args.seconds('breaker-seconds') ?? 10,
    upstreams: upstreams.length === 0 ? [ollama] : upstreams,
    port: args.port('port') ?? 11_435,
    host: args.text('host', expected.host) ?? localhost,
    graceSeconds: args.seconds('grace') ?? 8,
    ...readMetricsServer(args),
    metricsPort: args.port('metrics-port') ?? 9090,
  };
}

function rejectInvalidUpstream(args: CommandArguments, upstream: string): void {
  try {
    readUpstreamUrl(upstream);
  } catch (error) {
    throw error instanceof ProxySettingsError ? args.usageError(error.message) : error;
  }
}

function readNames(args: CommandArguments, flag: 'models' | 'graphs'): readonly string[] | undefined {
  const texts = args.texts(flag, `comma-separated names of ${flag}`);
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
  if (names.includes('')) throw args.usageError(`--${flag} got an empty name; expected comma-separated names.`);
  return names.length === 0 ? undefined : names;
}
