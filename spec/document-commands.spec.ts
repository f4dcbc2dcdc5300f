import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { getMetricsCollector } from '../lib/core/collector/shared-collector.js';
import { registry } from '../lib/core/metrics/shared-registry.js';
import type { MetricsServer } from '../lib/core/server/metrics-server.js';
import { startHubServer } from '../lib/hub/server/start-hub-server.js';
import { fetchLikeCurl, type RunningCommand, startCommand, wordsOf } from './support/document-runner.js';
import { documentFiles, shellCommands } from './support/documents.js';
import { chatLines, type FakeOllama, json, linesOf, startFakeOllama, streamed } from './support/fake-ollama.js';
import { chatEvents, type FakeOpenAI, sse, startFakeOpenAI } from './support/fake-openai.js';
import { type FakeServer, startFakeServer } from './support/fake-server.js';
import { freePort } from './support/free-port.js';
import { openHub } from './support/pushing.js';

/** Commands that another spec or script runs, by their first words. */
const elsewhere: readonly (readonly [begin: string, where: string, because: string])[] = [
  ['npm install && npm test', '.ci/run', 'runs all specs, including this one'],
  ['npm run sample ', 'spec/samples.spec.ts', 'runs every sample'],
  ['TS_NODE_PROJECT=', 'spec/samples.spec.ts', 'runs every sample'],
  ['npx mocha ', 'spec/samples.spec.ts', 'runs every sample'],
  ['node samples/', 'spec/samples.spec.ts', 'runs every sample'],
  ['node -e ', 'spec/documents.spec.ts', 'hashes a password'],
  ['openssl req ', 'spec/documents.spec.ts', 'creates a certificate'],
  [
    'npx tinyllm demo --port 9090 --web-config-file ',
    'spec/documents.spec.ts',
    'serves with the documented configuration',
  ],
  ['curl --cacert ', 'spec/documents.spec.ts', 'sends the same request to that server'],
  [
    'npx tinyllm run "What is 2+2?" --label ',
    'spec/cli/executor/run-labels.spec.ts',
    'declares labels, so it needs a new process',
  ],
  [
    'npx tinyllm run "What is 2+2?" --graph samples/graphs/labels.yaml ',
    'spec/cli/executor/run-labels.spec.ts',
    'declares labels, so it needs a new process',
  ],
  [
    'npx tinyllm serve --metrics-port 9090 --label ',
    'spec/executor/chat-server/chat-labels.spec.ts',
    'declares labels, so it needs a new process',
  ],
  ['export TINYLLM_BUCKETS=', 'spec/cli/metrics/configure-recording.spec.ts', 'starts commands with the variable'],
  [
    'export TINYLLM_NATIVE_HISTOGRAMS=',
    'spec/cli/metrics/configure-recording.spec.ts',
    'starts commands with the variable',
  ],
  [
    'npx tinyllm demo --port 9090 --native-histograms',
    'spec/cli/metrics/configure-recording.spec.ts',
    'changes histograms, so it needs a new process',
  ],
  [
    'curl -sG http://localhost:9090/metrics -d openmetrics2=1 ',
    'spec/cli/metrics/configure-recording.spec.ts',
    'sends it to a demo with native histograms, which is a new process',
  ],
  ['npx tinyllm proxy --label ', 'spec/cli/commands/proxy/proxy.spec.ts', 'declares labels, so it needs a new process'],
  ['npm install --no-save node-llama-cpp', '.ci/fetch-model', 'installs it in CI'],
  ['npx tinyllm run "Why is the sky blue?" --provider llama-cpp', 'spec/e2e/llama-cpp.spec.ts', 'needs a real model'],
  ['npx tinyllm worker ', 'spec/e2e/batch-workers.spec.ts', 'needs Redis'],
  ['npx tinyllm doctor --store', 'spec/e2e/doctor.spec.ts', 'needs Redis'],
  [
    'npx tinyllm run --file questions.txt --output answers.jsonl --queue',
    'spec/e2e/batch-workers.spec.ts',
    'needs Redis',
  ],
  [
    'docker compose ',
    'spec/cli/commands/monitoring/monitoring-export.spec.ts',
    'needs Docker; that spec checks the compose file',
  ],
  ['prometheus --config.file=', 'spec/e2e/monitoring.spec.ts', 'starts a real Prometheus with the same files'],
  [
    'ollama pull ',
    'spec/cli/commands/models/models-pull.spec.ts',
    'is a command of Ollama; `tinyllm models pull` sends the same request',
  ],
];

const tinyllm = 'npx tinyllm ';
/** Matches a command whose output a shell evaluates. */
const evaluated = /^eval "\$\((.+)\)"$/;
const model = 'qwen2.5:0.5b';
const documented = [...new Set(documentFiles().flatMap((file) => shellCommands(readFileSync(file, 'utf8'))))];
const here = documented
  .map((command) => command.replace('npm install && npx', 'npx').replace(evaluated, '$1'))
  .filter((command) => !elsewhere.some(([begin]) => command.startsWith(begin)));
const commands = [...new Set(here.filter((command) => command.startsWith(tinyllm)))];

describe('the commands of the documents', function () {
  this.timeout(60_000);

  let folder: string;
  let ollama: FakeOllama;
  let openai: FakeOpenAI;
  let prometheus: FakeServer;
  let metrics: MetricsServer;
  let closed: string;
  const environment = { ...process.env };
  const running: RunningCommand[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-documents-'));
    await writeFile(join(folder, 'questions.txt'), 'What is 2+2?\nconvert 5 km to miles\n');
    ollama = await startFakeOllama({
      version: json({ version: '0.12.0' }),
      tags: json({ models: [{ name: model, model, size: 397_821_319 }] }),
      ps: json({ models: [] }),
      pull: () => streamed([linesOf([{ status: 'pulling manifest' }, { status: 'success' }])]),
      chat: () => streamed([chatLines(['Rayleigh scattering.'])]),
    });
    openai = await startFakeOpenAI({
      models: json({ object: 'list', data: [{ id: 'tiny', object: 'model' }] }),
      chat: () => sse([chatEvents(['Rayleigh ', 'scattering.'])]),
    });
    metrics = await startHubServer({ port: 0, hub: (await openHub()).hub });
    // Other specs in this process count instrumentation errors, and doctor reports them.
    registry.resetMetrics();
    getMetricsCollector().incrementRequestCount({ model, graph: 'documents' });
    const target = { scrapeUrl: `${metrics.url}/metrics`, labels: { job: 'tinyllm' }, health: 'up', lastError: '' };
    prometheus = await startFakeServer(() => json({ data: { activeTargets: [target] } }));
    closed = `http://127.0.0.1:${await freePort()}`;
    process.env.TINYLLM_HOME = join(folder, 'home');
    process.env.TINYLLM_TOP_URL = metrics.url;
    delete process.env.TINYLLM_HUB;
  });

  afterEach(async () => {
    for (const command of running.splice(0)) await command.end();
  });

  after(async () => {
    for (const [name, value] of Object.entries(process.env)) {
      if (environment[name] !== value) delete process.env[name];
    }
    Object.assign(process.env, environment);
    for (const server of [ollama, openai, prometheus, metrics]) await server.close();
    await rm(folder, { recursive: true });
  });

  /** Starts a documented command, with test servers, ports and files instead of those in the command. */
  const start = (command: string): RunningCommand => {
    const isPush = command.includes('--push');
    const addresses: readonly (readonly [documented: string, replacement: string])[] = [
      ['http://127.0.0.1:11434', ollama.url],
      ['http://127.0.0.1:8080', openai.url],
      ['http://127.0.0.1:9090', metrics.url],
      ['http://127.0.0.1:9091', isPush ? metrics.url : prometheus.url],
      ['my-graph.yaml', 'samples/graphs/research.yaml'],
      ['/var/lib/node_exporter', folder],
      ['/var/lib/tinyllm', folder],
      ['--dir monitoring', `--dir ${join(folder, 'monitoring')} --force`],
      ['questions.txt', join(folder, 'questions.txt')],
      ['answers.jsonl', join(folder, 'answers.jsonl')],
    ];
    const line = addresses
      .reduce((text, [from, to]) => text.replaceAll(from, to), command.slice(tinyllm.length))
      .replaceAll(/(--(?:metrics-)?port) \d+/g, '$1 0');
    const usesOllama = /^(?:models|doctor)| --provider ollama| --fallback ollama/.test(line);
    process.env.OLLAMA_HOST = usesOllama ? ollama.url : closed;
    const started = startCommand(
      wordsOf(/^(?:metrics|demo|serve|proxy)\b(?!.*port)/.test(line) ? `${line} --port 0` : line),
    );
    running.push(started);
    return started;
  };

  /** For each server command: the pattern of its URL on standard error, a path, and the expected response. */
  const servers: Readonly<Record<string, readonly [urlPattern: RegExp, path: string, answer: RegExp]>> = {
    metrics: [/serving metrics at (\S+)\/metrics/, '/metrics', /^tinyllm_system_info/m],
    demo: [/serving metrics at (\S+)\/metrics/, '/metrics', /^tinyllm_system_info/m],
    serve: [/serving \S+ at (\S+)\/v1/, '/v1/models', /"multi_domain"/],
    proxy: [/forwarding (\S+)/, '/', /404 page not found/],
  };

  /** The expected standard output of the other commands. */
  const prints: Readonly<Record<string, RegExp>> = {
    run: /4|30|3\.1|Rayleigh scattering/,
    'run --file': /^$/,
    top: /requests/,
    doctor: /^✓ node/,
    'graph check': /ok/,
    'graph show': /^flowchart/,
    'models list': /qwen2\.5:0\.5b|tiny/,
    'models ps': /^/,
    'models pull': /^/,
    'session list': /^/,
    'session show': /5 km/,
    'session clear': /^/,
    completion: /complete/,
    'monitoring export': /files written to|up to date|nothing to do|written/,
  };

  for (const command of commands) {
    const words = wordsOf(command.slice(tinyllm.length));
    const server = servers[words[0] ?? ''];
    if (server !== undefined) {
      it(`${command} serves until it is stopped`, async () => {
        const [urlPattern, path, answer] = server;
        const started = start(command);
        const url = await started.until(urlPattern);
        expect(await (await fetch(`${url}${path}`)).text()).to.match(answer);
        expect(started.stderr.text.match(/https?:\/\/[^\s/:]+/g)).to.satisfy((hosts: string[]) =>
          hosts.every((host) => host.endsWith('//127.0.0.1')),
        );
      });
    } else {
      it(`${command} succeeds and prints the expected output`, async () => {
        // The session must exist before the command can show it.
        if (words[0] === 'session' && words[2] !== undefined) {
          await start(`npx tinyllm run "convert 5 km to miles" --session ${words[2]}`).ended;
        }
        const started = start(command);
        const printed = prints[[words[0], words[1]].join(' ')] ?? prints[words[0] ?? ''];
        expect(printed, 'a pattern for its output').to.be.instanceOf(RegExp);
        if (words.includes('--metrics-port') && words[0] === 'run') {
          await started.until(/until one more scrape/);
          await fetch(await started.until(/serving metrics at (\S+)/)).then((answer) => answer.text());
        }
        if (words[0] === 'top' && !words.includes('--once')) {
          await started.until(/^requests/m);
          await started.end();
        }
        const error = await started.ended;
        if (words[0] !== 'top' || words.includes('--once')) {
          expect(error, started.stderr.text + started.stdout.text).to.equal(undefined);
        }
        expect(started.stdout.text).to.match(printed ?? /^$/);
      });
    }
  }

  it('include curl requests that succeed', async () => {
    const asked = here.filter((command) => command.startsWith('curl '));
    expect(asked).not.to.have.length(0);
    const graphs = await start('npx tinyllm serve --port 8080').until(/serving \S+ at (\S+)\/v1/);
    for (const command of asked) {
      const response = await fetchLikeCurl(command, command.includes('/v1/') ? graphs : metrics.url);
      expect(response.status, command).to.equal(200);
      expect(await response.text()).to.match(/"content":"4"|^tinyllm_/m);
    }
  });

  it('are all run here, or in a file that exists', () => {
    const unknown = here.filter((command) => !command.startsWith(tinyllm) && !command.startsWith('curl '));
    expect(unknown).to.deep.equal([]);
    for (const [begin, where] of elsewhere) {
      expect(existsSync(where), where).to.equal(true);
      expect(
        documented.some((command) => command.startsWith(begin)),
        `is ${begin} still documented?`,
      ).to.equal(true);
    }
  });

  it('listens only on loopback by default', async () => {
    const started = start('npx tinyllm metrics --port 9090');
    expect(await started.until(/serving metrics at (\S+)/)).to.match(/^http:\/\/127\.0\.0\.1:/);
  });
});
