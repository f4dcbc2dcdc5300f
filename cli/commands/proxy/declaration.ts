import { ProxySettingsError, readUpstreamUrl } from '@tinyllm/proxy/settings';
import { debug, expected, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import type { Given } from '../../command/given.js';
import { metricsServerFlags, readMetricsServer } from '../../flags/metrics-server.js';
import type { ProxyCommandOptions } from './proxy.js';

const ollama = 'http://127.0.0.1:11434';

/** `tinyllm proxy`. */
export const proxy: CommandDeclaration = {
  name: 'proxy',
  summary: "Measure a model server's traffic, passed on unchanged",
  flags: {
    upstream: {
      ...text,
      describe:
        'Ollama or an OpenAI-compatible server; repeatable, and the one with the fewest requests in flight gets the next',
      defaultDescription: ollama,
    },
    port: { ...text, describe: 'Port to listen on; 0 picks a free one', defaultDescription: '11435' },
    host: {
      ...text,
      describe: 'Address to listen on; one of this machine alone refuses other names in Host',
      defaultDescription: localhost,
    },
    models: {
      ...text,
      describe: 'Models that get series of their own, with commas between them; others count as other',
      defaultDescription: 'the first --max-models',
    },
    'max-models': {
      ...text,
      describe: 'Models that get series of their own without --models; later ones count as other',
      defaultDescription: '100',
    },
    graphs: {
      ...text,
      describe:
        'Values of X-TinyLLM-Graph that get series of their own, with commas between them; others count as other',
      defaultDescription: 'the first --max-graphs',
    },
    'max-graphs': {
      ...text,
      describe: 'Values of X-TinyLLM-Graph that get series of their own without --graphs; later ones count as other',
      defaultDescription: '100',
    },
    'inspect-limit': {
      ...text,
      describe: 'Largest body to inspect, from 1 to 256M, such as 65536, 512k or 4M; larger ones pass uninspected',
      defaultDescription: '8M',
    },
    'inspect-memory': {
      ...text,
      describe: 'Memory to inspect the bodies of all requests, from 1 to 256M; beyond it, bodies pass uninspected',
      defaultDescription: '64M',
    },
    'no-ps': { type: 'boolean', describe: 'Do not ask the upstreams which models they hold in memory' },
    'api-keys-file': {
      ...text,
      describe:
        'File of keys, one a line. Requests need one, as Authorization: Bearer KEY or x-api-key: KEY; the proxy removes it',
    },
    'upstream-key-file': {
      ...text,
      describe: 'File with one key, which the proxy sends to the upstreams instead of the key of the client',
    },
    rate: {
      ...text,
      describe: 'Requests to let in: 10/s, 600/m or 1000/h, of each key where there are keys; others get 429',
      defaultDescription: 'no limit',
    },
    'max-concurrent': {
      ...text,
      describe: 'Requests at the upstreams at a time; others wait',
      defaultDescription: 'no limit',
    },
    'max-waiting': {
      ...text,
      describe: 'Requests that wait at most; others get 503',
      defaultDescription: '100',
    },
    'max-connections': {
      ...text,
      describe: 'Connections of clients at a time; beyond, the longest idle one is closed, or else the new one',
      defaultDescription: '1024',
    },
    'stall-seconds': {
      ...text,
      describe: 'Seconds, above 0, after which a client that does not read its response is disconnected',
      defaultDescription: '60',
    },
    'breaker-failures': {
      ...text,
      describe:
        'Failures in a row after which an upstream counts as down; one of several then gets no requests for a while',
      defaultDescription: '5',
    },
    'breaker-seconds': {
      ...text,
      describe: 'How long that is, before one request sees whether it is back',
      defaultDescription: '10',
    },
    grace: {
      ...text,
      describe: 'Seconds that answers under way may take after Ctrl-C or SIGTERM',
      defaultDescription: '8',
    },
    ...metricsServerFlags,
    'metrics-port': { ...metricsServerFlags['metrics-port'], defaultDescription: '9090' },
    debug,
  },
  example: [`tinyllm proxy --upstream ${ollama} --port 11435 --metrics-port 9090`, 'Watch an Ollama'],
  read: (given) => {
    const options = readProxy(given);
    return async (context) => (await import('./proxy.js')).proxy(options, context);
  },
};

function readProxy(given: Given): ProxyCommandOptions {
  given.nothingElse();
  const upstreams = given.texts('upstream', `a server such as ${ollama}`);
  for (const upstream of upstreams) refuseWrongUpstream(given, upstream);
  if (given.has('max-waiting') && !given.has('max-concurrent')) {
    throw given.wrong('--max-waiting is for requests that wait; expected --max-concurrent as well.');
  }
  for (const flag of ['models', 'graphs']) {
    if (!given.has(flag) || !given.has(`max-${flag}`)) continue;
    throw given.wrong(`--max-${flag} is for names that are not on a list; expected it without --${flag}.`);
  }
  if (given.seconds('stall-seconds') === 0) {
    throw given.wrong('--stall-seconds got 0, which would disconnect every client; expected a number above 0.');
  }
  if (given.has('upstream-key-file') && !given.has('api-keys-file')) {
    throw given.wrong('--upstream-key-file would lend its key to everybody; expected --api-keys-file as well.');
  }
  return {
    models: readNames(given, 'models'),
    maxModels: given.count('max-models'),
    graphs: readNames(given, 'graphs'),
    maxGraphs: given.count('max-graphs'),
    inspectLimit: given.bytes('inspect-limit'),
    inspectMemory: given.bytes('inspect-memory'),
    residency: !given.switch('no-ps'),
    apiKeysFile: given.text('api-keys-file', 'a file of keys, one a line'),
    upstreamKeyFile: given.text('upstream-key-file', 'a file with one key'),
    requestsPerSecond: given.rate('rate'),
    maxConcurrent: given.count('max-concurrent'),
    maxWaiting: given.count('max-waiting'),
    maxConnections: given.count('max-connections'),
    stalledClientSeconds: given.seconds('stall-seconds'),
    breakerFailures: given.count('breaker-failures'),
    breakerSeconds: given.seconds('breaker-seconds') ?? 10,
    upstreams: upstreams.length === 0 ? [ollama] : upstreams,
    port: given.port('port') ?? 11_435,
    host: given.text('host', expected.host) ?? localhost,
    graceSeconds: given.seconds('grace') ?? 8,
    ...readMetricsServer(given),
    metricsPort: given.port('metrics-port') ?? 9090,
  };
}

function refuseWrongUpstream(given: Given, upstream: string): void {
  try {
    readUpstreamUrl(upstream);
  } catch (error) {
    throw error instanceof ProxySettingsError ? given.wrong(error.message) : error;
  }
}

function readNames(given: Given, flag: 'models' | 'graphs'): readonly string[] | undefined {
  const texts = given.texts(flag, `names of ${flag} with commas between them`);
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
  if (names.includes('')) throw given.wrong(`--${flag} got an empty name; expected names with commas between them.`);
  return names.length === 0 ? undefined : names;
}
