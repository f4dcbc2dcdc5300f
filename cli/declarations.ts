import type { Options, PositionalOptions } from 'yargs';
import type { CommandContext } from './command-context.js';
import type { Given } from './given.js';

/** A command as the command line knows it. */
export interface CommandDeclaration {
  /** Its words: `run`, `graph check`. */
  readonly name: string;
  readonly summary: string;
  /** The argument it takes beside flags; `<file>` must be there, `[file]` may be, `..` means several words. */
  readonly argument?: { readonly usage: string; readonly name: string } & PositionalOptions;
  readonly flags: Readonly<Record<string, Options>>;
  /** What to type, and what that does. */
  readonly example: readonly [string, string];
  /** Checks what was given; the function it returns imports the command and calls it. */
  readonly read: (given: Given) => (context: CommandContext) => Promise<void>;
}

const text = { type: 'string' } as const;
const json = { type: 'boolean', describe: 'Print one JSON object on stdout' } as const;
const debug = { type: 'boolean', describe: 'Show the stack of an error' } as const;
const localhost = '127.0.0.1';
const aFile = 'a graph file (YAML)';
const aWebConfig = 'a web configuration file (YAML)';
const aUrl = 'a URL such as http://127.0.0.1:9091';
const aHost = 'a host name or address of this machine';

const webConfigFlag = {
  ...text,
  describe: "TLS, users and headers of the metrics server, in Prometheus' web.config.yml format",
} as const;

const defaultMetricsFlag = {
  type: 'boolean',
  describe: "Serve prom-client's metrics of this process too: CPU, memory, event loop",
} as const;

/** The commands that only hold other commands. */
export const groups: Readonly<Record<string, string>> = { graph: 'Check or show a graph file' };

/** Every command there is. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'Answer a question with a graph of models and tools',
    argument: { usage: '<query..>', name: 'query', type: 'string', describe: 'The question' },
    flags: {
      graph: { ...text, describe: 'Graph file to run', defaultDescription: 'multi_domain' },
      provider: {
        ...text,
        describe: 'Who answers: embedded or ollama',
        defaultDescription: 'ollama when it answers, else embedded',
      },
      model: { ...text, describe: "Model to ask, by the provider's name for it" },
      'metrics-port': { ...text, describe: 'Serve metrics on this port while running; 0 picks a free one' },
      'metrics-host': { ...text, describe: 'Address to serve metrics on', defaultDescription: localhost },
      'web-config-file': webConfigFlag,
      'default-metrics': defaultMetricsFlag,
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
        describe: "Write the metrics to this .prom file at the end, for node_exporter's textfile collector",
      },
      trace: { type: 'boolean', describe: 'Show the nodes passed, with times and tokens' },
      json,
      debug,
    },
    example: ['tinyllm run "What is 2+2?" --metrics-port 9090', 'Answer, and serve the metrics of it'],
    read: (given) => {
      const query = given.words('query').join(' ').trim();
      if (query === '') throw given.wrong('run got no query; expected a question, such as "What is 2+2?".');
      const options = {
        query,
        graph: given.text('graph', aFile),
        provider: given.text('provider', 'the name of a provider'),
        model: given.text('model', 'the name of a model'),
        metricsPort: given.port('metrics-port'),
        metricsHost: given.text('metrics-host', aHost) ?? localhost,
        webConfigFile: given.text('web-config-file', aWebConfig),
        defaultMetrics: given.switch('default-metrics'),
        lingerSeconds: given.seconds('linger') ?? 30,
        push: given.text('push', aUrl),
        metricsFile: given.text('metrics-file', 'a file whose name ends in .prom'),
        hub: process.env.TINYLLM_HUB || undefined,
        trace: given.switch('trace'),
        json: given.switch('json'),
      };
      if (options.webConfigFile !== undefined && options.metricsPort === undefined) {
        throw given.wrong('--web-config-file is for the metrics server; expected --metrics-port as well.');
      }
      if (options.defaultMetrics && options.metricsPort === undefined) {
        throw given.wrong('--default-metrics is for the metrics server; expected --metrics-port as well.');
      }
      return async (context) => (await import('./commands/run.js')).run(options, context);
    },
  },
  {
    name: 'metrics',
    summary: 'Take pushed metrics and serve their sums, and which models Ollama holds in memory',
    flags: {
      port: { ...text, describe: 'Port to serve on; 0 picks a free one', defaultDescription: '9090' },
      host: { ...text, describe: 'Address to serve on', defaultDescription: localhost },
      'web-config-file': webConfigFlag,
      'default-metrics': defaultMetricsFlag,
      expire: {
        ...text,
        describe: 'Seconds of silence after which a pusher loses its gauges',
        defaultDescription: '300',
      },
      'persistence-file': { ...text, describe: 'Keep what was pushed in this file, over restarts' },
      'max-push-size': { ...text, describe: 'Largest push, unzipped: bytes, or with k or M', defaultDescription: '4M' },
      debug,
    },
    example: ['tinyllm metrics --port 9090', 'Serve metrics until Ctrl-C'],
    read: (given) => {
      given.nothingElse();
      const options = {
        port: given.port('port') ?? 9090,
        host: given.text('host', aHost) ?? localhost,
        webConfigFile: given.text('web-config-file', aWebConfig),
        defaultMetrics: given.switch('default-metrics'),
        expireSeconds: given.seconds('expire'),
        persistenceFile: given.text('persistence-file', 'a file'),
        maxPushBytes: given.bytes('max-push-size'),
      };
      return async (context) => (await import('./commands/metrics.js')).metrics(options, context);
    },
  },
  {
    name: 'graph check',
    summary: 'Check that a graph file is valid and holds together',
    argument: { usage: '<file>', name: 'file', type: 'string', describe: 'Graph file (YAML)' },
    flags: { json, debug },
    example: ['tinyllm graph check my-graph.yaml', 'Say ok, or what is wrong and where'],
    read: (given) => {
      const file = given.word('file', aFile);
      if (file === undefined) throw given.wrong(`graph check got no file; expected ${aFile}.`);
      const options = { file, json: given.switch('json') };
      return async (context) => (await import('./commands/graph-check.js')).graphCheck(options, context);
    },
  },
  {
    name: 'graph show',
    summary: 'Print a graph as a Mermaid flowchart',
    argument: {
      usage: '[file]',
      name: 'file',
      type: 'string',
      describe: 'Graph file (YAML); without it the default graph',
    },
    flags: { debug },
    example: ['tinyllm graph show my-graph.yaml > my-graph.mmd', 'Draw the graph'],
    read: (given) => {
      const options = { file: given.word('file', aFile) };
      return async (context) => (await import('./commands/graph-show.js')).graphShow(options, context);
    },
  },
];
