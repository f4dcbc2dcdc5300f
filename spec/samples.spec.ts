import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import PQueue from 'p-queue';
import { GraphExecutor } from '../lib/executor/graph/executor.js';
import { loadGraph } from '../lib/executor/graph/load-graph.js';
import { EmbeddedClient } from '../lib/executor/models/embedded-client.js';
import { type E2eProgram, needPrograms, openssl } from './support/e2e-programs.js';
import { type NodeRun, runNode } from './support/run-node.js';

const typescript = ['--import', './spec/support/register.js'];
const mocha = [
  ...['node_modules/mocha/bin/mocha.js', '--no-config', '--reporter', 'json'],
  ...['--node-option', 'import=./spec/support/register.js'],
];

interface Sample {
  readonly file: string;
  /** Arguments for Node before the file. Default: none. */
  readonly via?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** External programs that the sample needs. Default: none. */
  readonly needs?: readonly E2eProgram[];
  /** Lines that the sample must print, in this order. */
  readonly prints: readonly string[];
}

const samples: readonly Sample[] = [
  {
    file: 'quickstart.ts',
    via: typescript,
    prints: [
      'HELLO THERE',
      'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate"} 1',
      'tinyllm_tokens_input_total{model="echo",graph="assistant"} 2',
      'tinyllm_tokens_output_total{model="echo",graph="assistant"} 2',
      'tinyllm_node_executions_total{node="answer",graph="assistant"} 1',
      'tinyllm_graph_executions_total{graph="assistant"} 1',
    ],
  },
  {
    file: 'standard-decorators/quickstart.ts',
    via: typescript,
    env: { TS_NODE_PROJECT: 'samples/standard-decorators/tsconfig.json' },
    prints: ['answer', 'small talk', 'tinyllm_node_executions_total{node="router",graph="assistant"} 2'],
  },
  {
    file: 'manual-collector.ts',
    via: typescript,
    prints: [
      'four',
      'tinyllm_requests_total{model="qwen2.5:0.5b",graph="multi_domain",request_type="generate"} 1',
      'tinyllm_request_latency_seconds_count{model="qwen2.5:0.5b",graph="multi_domain"} 1',
      'tinyllm_errors_total{error_type="RangeError",model="qwen2.5:0.5b",graph="multi_domain"} 1',
      'tinyllm_tokens_input_total{model="qwen2.5:0.5b",graph="multi_domain"} 100',
      'tinyllm_tokens_output_total{model="qwen2.5:0.5b",graph="multi_domain"} 50',
      'tinyllm_model_load_duration_seconds_count{model="qwen2.5:0.5b"} 1',
      'tinyllm_node_executions_total{node="router",graph="multi_domain"} 1',
      'tinyllm_graph_executions_total{graph="multi_domain"} 1',
      'tinyllm_tool_calls_total{tool="search",graph="multi_domain"} 1',
      'tinyllm_circuit_breaker_state{model="qwen2.5:0.5b"} 2',
      'tinyllm_circuit_breaker_failures_total{model="qwen2.5:0.5b"} 1',
      'tinyllm_rate_limit_wait_seconds_count{model="qwen2.5:0.5b"} 1',
      'tinyllm_cache_hits_total{cache_type="response"} 1',
      'tinyllm_cache_misses_total{cache_type="response"} 1',
      'tinyllm_memory_operations_total{operation_type="read"} 1',
      'tinyllm_queue_size{priority="high"} 3',
      'tinyllm_queue_wait_time_seconds_count{priority="high"} 1',
      'tinyllm_queue_requests_total{priority="high"} 1',
      'tinyllm_queue_requests_rejected_total 1',
    ],
  },
  {
    file: 'track-functions.ts',
    via: typescript,
    prints: [
      'HELLO THERE',
      'client-model got a prompt',
      'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate"} 1',
      'tinyllm_requests_total{model="client-model",graph="default",request_type="generate"} 1',
      'tinyllm_tokens_output_total{model="echo",graph="assistant"} 2',
      'tinyllm_graph_executions_total{graph="assistant"} 1',
    ],
  },
  {
    file: 'track-tools.ts',
    via: typescript,
    prints: [
      "[ 'a page about rain' ]",
      '{ value: 42 }',
      "{ error: 'cannot compute 2 plus 40' }",
      'The query is empty.',
      'tinyllm_tool_calls_total{tool="search",graph="assistant"} 2',
      'tinyllm_tool_calls_total{tool="calculator",graph="assistant"} 2',
      'tinyllm_tool_call_duration_seconds_count{tool="search",graph="assistant"} 2',
      'tinyllm_tool_call_duration_seconds_count{tool="calculator",graph="assistant"} 2',
      'tinyllm_tool_errors_total{tool="calculator",graph="assistant",error_type="syntax"} 1',
      'tinyllm_tool_errors_total{tool="search",graph="assistant",error_type="RangeError"} 1',
    ],
  },
  {
    file: 'custom-metrics.ts',
    via: typescript,
    prints: [
      "[ 'All happy families are alike.' ]",
      'rag_lookups_total{index="novels",outcome="hit"} 1',
      'rag_lookups_total{index="novels",outcome="miss"} 1',
      'rag_lookup_duration_seconds_count{index="novels"} 2',
      'rag_documents{index="novels"} 2',
      // The second scrape. The index is closed, so its gauge is removed.
      'rag_lookups_total{index="novels",outcome="hit"} 1',
      'rag_lookups_total{index="novels",outcome="miss"} 1',
      'rag_lookup_duration_seconds_count{index="novels"} 2',
    ],
  },
  {
    file: 'labels.ts',
    via: typescript,
    prints: [
      'HELLO THERE',
      'tinyllm_tokens_output_total{model="echo",graph="default",tenant="acme",provider="local",env="prod"} 2',
      'tinyllm_tokens_output_total{model="echo",graph="default",tenant="globex",provider="local",env="prod"} 2',
      'tinyllm_tokens_output_total{model="echo",graph="default",tenant="",provider="local",env="prod"} 2',
      'tinyllm_node_executions_total{node="assistant",graph="default",tenant="acme",provider="",env="prod"} 1',
      'tinyllm_node_executions_total{node="assistant",graph="default",tenant="globex",provider="",env="prod"} 1',
      'tinyllm_node_executions_total{node="batch",graph="default",tenant="acme",provider="",env="prod"} 1',
      'tinyllm_node_executions_total{node="assistant",graph="default",tenant="",provider="",env="prod"} 1',
      'tinyllm_node_execution_duration_seconds_count{node="assistant",graph="default",provider="",env="prod"} 3',
      'tinyllm_node_execution_duration_seconds_count{node="batch",graph="default",provider="",env="prod"} 1',
      'rag_lookups_total{index="docs",tenant="acme",env="prod"} 1',
      'rag_lookups_total{index="docs",tenant="globex",env="prod"} 1',
      'rag_lookups_total{index="docs",env="prod"} 1',
    ],
  },
  {
    file: 'tenant-middleware.ts',
    via: typescript,
    prints: [
      ...Array.from({ length: 4 }, () => 'HELLO THERE'),
      'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate",tenant="acme"} 2',
      'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate",tenant="globex"} 1',
      'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate",tenant="unknown"} 1',
    ],
  },
  {
    file: 'graph-context.ts',
    via: typescript,
    prints: [
      'THE END',
      'tinyllm_requests_total{model="echo",graph="chat",request_type="generate"} 1',
      'tinyllm_requests_total{model="echo",graph="stories",request_type="generate"} 1',
      'tinyllm_requests_total{model="echo",graph="default",request_type="generate"} 1',
      'tinyllm_graph_executions_total{graph="chat"} 1',
      'tinyllm_graph_executions_total{graph="stories"} 1',
    ],
  },
  {
    file: 'switching-off.ts',
    via: typescript,
    prints: [
      'TINYLLM_METRICS=on',
      'has metrics of TinyLLM: true',
      'tinyllm_node_executions_total{node="greeter",graph="default"} 1',
      'visits_total 2',
      'TINYLLM_METRICS=off',
      'has metrics of TinyLLM: false',
      'visits_total 2',
    ],
  },
  {
    file: 'streaming.ts',
    via: typescript,
    prints: [
      'Once upon a time.',
      'tinyllm_request_latency_seconds_count{model="storyteller",graph="stories"} 1',
      'tinyllm_active_requests{model="storyteller",graph="stories"} 0',
      'tinyllm_tokens_output_total{model="storyteller",graph="stories"} 4',
      'tinyllm_time_to_first_token_seconds_count{model="storyteller",graph="stories"} 1',
    ],
  },
  {
    file: 'stream-in-result.ts',
    via: typescript,
    prints: [
      'answer-1: It is sunny.',
      'tinyllm_request_latency_seconds_count{model="weather-1",graph="weather"} 1',
      'tinyllm_active_requests{model="weather-1",graph="weather"} 0',
      'tinyllm_tokens_output_total{model="weather-1",graph="weather"} 3',
      'tinyllm_time_to_first_token_seconds_count{model="weather-1",graph="weather"} 1',
    ],
  },
  {
    file: 'fallback.ts',
    via: typescript,
    prints: [
      '42, says embedded',
      '12, says embedded',
      'tinyllm_circuit_breaker_state{model="qwen2.5:0.5b"} 2',
      'tinyllm_circuit_breaker_failures_total{model="qwen2.5:0.5b"} 2',
      'tinyllm_circuit_breaker_rejected_total{model="qwen2.5:0.5b"} 1',
      'tinyllm_retries_total{model="qwen2.5:0.5b",reason="unavailable"} 1',
      'tinyllm_fallbacks_total{requested_model="qwen2.5:0.5b",fallback_model="embedded",reason="unavailable"} 1',
      'tinyllm_fallbacks_total{requested_model="qwen2.5:0.5b",fallback_model="embedded",reason="circuit_open"} 1',
      'tinyllm_cost_usd_total{model="embedded",graph="samples"} 0',
    ],
  },
  {
    file: 'openai-compatible.ts',
    via: typescript,
    prints: [
      'Rayleigh scattering.',
      'stop { inputTokens: 5, outputTokens: 2 }',
      'ModelRateLimitError retry after 3 s',
      'tinyllm_requests_total{model="tiny",graph="sky",request_type="stream"} 1',
      'tinyllm_requests_total{model="tiny",graph="sky",request_type="generate"} 1',
      'tinyllm_errors_total{error_type="ModelRateLimitError",model="tiny",graph="sky"} 1',
      'tinyllm_tokens_output_total{model="tiny",graph="sky"} 2',
      'tinyllm_time_to_first_token_seconds_count{model="tiny",graph="sky"} 1',
    ],
  },
  {
    file: 'native-histograms.ts',
    via: typescript,
    prints: [
      'p95 of the classic histogram: 9.5 ms',
      'The native p95 is below 1 ms: true',
      'rag_scores {count:5,sum:0.75,schema:4,zero_threshold:0.001,zero_count:1,negative_spans:[-16:1],negative_buckets:[1],positive_spans:[-32:1,15:1],positive_buckets:[1,2],bucket:[+Inf:5]}',
    ],
  },
  {
    file: 'configure.ts',
    via: typescript,
    prints: [
      ...[0.5, 1, 5, 30, 120, 600, '+Inf'].map(
        (le) => `tinyllm_request_latency_seconds_bucket{le="${le}",model="llama3.2",graph="default"} 1`,
      ),
      'tinyllm_memory_operations_total{operation_type="read"} 1',
      'tinyllm_memory_operations_total{operation_type="write"} 1',
      'tinyllm_memory_operations_total{operation_type="other"} 2',
      'tinyllm_metrics_overflow_total{metric="tinyllm_memory_operations_total"} 2',
    ],
  },
  {
    file: 'migrating-from-prom-client.ts',
    via: typescript,
    prints: [
      'orders_total{country="de"} 1',
      'orders_total{country="at"} 2',
      'Scraped while the main thread was blocked:',
      'orders_total{country="de"} 1',
      'orders_total{country="at"} 2',
      'order_duration_seconds_count 1',
    ],
  },
  {
    file: 'own-server.ts',
    via: typescript,
    prints: [
      'the application itself',
      'text/plain; version=0.0.4; charset=utf-8',
      'tinyllm_cache_hits_total{cache_type="response"} 1',
    ],
  },
  {
    file: 'ai-sdk.ts',
    via: typescript,
    prints: [
      'Rayleigh scattering.',
      'tinyllm_requests_total{model="stand-in",graph="sky",request_type="stream"} 1',
      'tinyllm_tokens_output_total{model="stand-in",graph="sky"} 2',
      'tinyllm_time_to_first_token_seconds_count{model="stand-in",graph="sky"} 1',
    ],
  },
  {
    file: 'langchain.ts',
    via: typescript,
    prints: [
      'Rayleigh scattering.',
      'It has no light of its own.',
      'tinyllm_requests_total{model="unknown",graph="sky",request_type="generate"} 2',
      'tinyllm_requests_finished_total{model="unknown",graph="sky",finish_reason="stop"} 2',
      'tinyllm_time_to_first_token_seconds_count{model="unknown",graph="sky"} 1',
    ],
  },
  {
    file: 'instrumented-client.ts',
    via: typescript,
    prints: [
      'Rayleigh scattering.',
      'tinyllm_requests_total{model="tiny",graph="sky",request_type="generate"} 1',
      'tinyllm_requests_finished_total{model="tiny",graph="sky",finish_reason="stop"} 1',
      'tinyllm_tokens_output_total{model="tiny",graph="sky"} 2',
    ],
  },
  ...['express.ts', 'fastify.ts'].map((file) => ({
    file,
    via: typescript,
    prints: [
      'the application itself',
      'text/plain; version=0.0.4; charset=utf-8',
      'tinyllm_cache_hits_total{cache_type="response"} 1',
    ],
  })),
  {
    file: 'nest.ts',
    via: typescript,
    prints: [
      'the application itself',
      'text/plain; version=0.0.4; charset=utf-8',
      'tinyllm_node_executions_total{node="greeter",graph="desk"} 1',
    ],
  },
  {
    file: 'own-executor.ts',
    via: typescript,
    prints: [
      'urgent | Have you tried: Urgent: the screen is dark?',
      'failed: No such cable.',
      "[ 'node run' ]",
      'tinyllm_errors_total{error_type="RangeError",model="helper-1",graph="support_desk"} 1',
      'tinyllm_node_executions_total{node="triage",graph="support_desk"} 2',
      'tinyllm_node_executions_total{node="answer",graph="support_desk"} 2',
      'tinyllm_node_errors_total{node="answer",graph="support_desk",error_type="RangeError"} 1',
      'tinyllm_graph_executions_total{graph="support_desk"} 2',
      'tinyllm_graph_errors_total{graph="support_desk",error_type="RangeError"} 1',
    ],
  },
  {
    file: 'custom-node.ts',
    via: typescript,
    prints: [
      '12 apples',
      'compute (tool) 12',
      'unit (unit) 12 apples',
      'tinyllm_node_executions_total{node="unit",graph="custom_node"} 1',
    ],
  },
  {
    file: 'langgraph.ts',
    via: typescript,
    prints: [
      'You will like Moby-Dick, shelf 3 and Don Quixote, shelf 7.',
      'We have no such book.',
      'tinyllm_requests_total{model="librarian-1",graph="library_desk",request_type="generate"} 1',
      'tinyllm_tokens_output_total{model="librarian-1",graph="library_desk"} 6',
      'tinyllm_node_executions_total{node="search",graph="library_desk"} 2',
      'tinyllm_node_executions_total{node="recommend",graph="library_desk"} 1',
      'tinyllm_node_executions_total{node="apologize",graph="library_desk"} 1',
      'tinyllm_graph_executions_total{graph="library_desk"} 2',
    ],
  },
  {
    file: 'metrics-in-tests.ts',
    via: mocha,
    prints: ['    "passes": 2,', '    "failures": 0,'],
  },
  {
    file: 'metrics-in-node-test.ts',
    via: ['--test-reporter', 'tap', ...typescript],
    prints: ['# pass 2', '# fail 0'],
  },
  {
    file: 'cache.ts',
    via: typescript,
    prints: [
      '144, cached: no',
      '144, cached: singleflight',
      '144, cached: singleflight',
      '144, cached: memory',
      'tinyllm_requests_total{model="embedded",graph="sums",request_type="generate"} 1',
      'tinyllm_cache_hits_total{cache_type="singleflight"} 2',
      'tinyllm_cache_hits_total{cache_type="memory"} 1',
      'tinyllm_cache_misses_total{cache_type="memory"} 1',
    ],
  },
  {
    file: 'memory.ts',
    via: typescript,
    prints: [
      'Hello.',
      'You are Ada.',
      'You are nobody I know.',
      'tinyllm_memory_operations_total{operation_type="load"} 3',
      'tinyllm_memory_operations_total{operation_type="append"} 3',
    ],
  },
  {
    file: 'worker-threads.ts',
    via: typescript,
    prints: ['tinyllm_node_executions_total{node="summarizer",graph="reports"} 3'],
  },
  {
    file: 'cluster.ts',
    via: typescript,
    prints: ['tinyllm_node_executions_total{node="summarizer",graph="reports"} 2'],
  },
  {
    file: 'hub-and-push.ts',
    via: typescript,
    prints: ['tinyllm_node_executions_total{node="import",graph="nightly"} 2'],
  },
  {
    file: 'tls.ts',
    via: typescript,
    needs: [openssl],
    prints: ['the password 200', 'another 401'],
  },
  {
    file: 'proxy.ts',
    via: typescript,
    prints: [
      '4',
      'tinyllm_requests_total{model="multi_domain",graph="proxy",request_type="generate"} 1',
      'tinyllm_requests_finished_total{model="multi_domain",graph="proxy",finish_reason="stop"} 1',
    ],
  },
  {
    file: 'chat-server.ts',
    via: typescript,
    prints: [
      'model: multi_domain',
      '3.106856 miles in 2 tokens',
      '3.106856 miles streamed',
      'tinyllm_graph_executions_total{graph="multi_domain"} 2',
      'tinyllm_queue_requests_total{priority="normal"} 2',
    ],
  },
  {
    file: 'batch.ts',
    via: typescript,
    prints: [
      'the square root of 81 -> no room',
      'tinyllm_queue_size{priority="high"} 0',
      'tinyllm_queue_size{priority="normal"} 0',
      'tinyllm_queue_wait_time_seconds_count{priority="normal"} 3',
      'tinyllm_queue_wait_time_seconds_count{priority="high"} 1',
      'tinyllm_queue_requests_total{priority="normal"} 3',
      'tinyllm_queue_requests_rejected_total 1',
      'tinyllm_queue_active_workers 0',
    ],
  },
  {
    file: 'commonjs.cjs',
    prints: ['tinyllm_tokens_output_total{model="qwen2.5:0.5b",graph="chat"} 34'],
  },
];

/** Files in `samples/` that are not samples. */
const companions = ['README.md', 'custom-node.yaml', 'tsconfig.json', 'standard-decorators/tsconfig.json'];

describe('the samples', function () {
  this.timeout(60_000);

  const files = readdirSync('samples', { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[a-z]+$/.test(name));
  const graphs = files.filter((name) => name.startsWith('graphs/'));
  let runs: Map<string, Promise<NodeRun>>;

  before(() => {
    // If all samples ran at once, all of them would exceed the time limit.
    const queue = new PQueue({ concurrency: 3 });
    runs = new Map(
      samples.map(({ file, via = [], env = {} }) => [
        file,
        queue.add(() => runNode([...via, `samples/${file}`], { env })),
      ]),
    );
  });

  it('are all run by this spec', () => {
    const known = [...samples.map(({ file }) => file), ...graphs, ...companions];
    // A command generates monitoring/, and spec/monitoring checks it.
    const own = files.filter((file) => !file.startsWith('monitoring/'));
    expect(own.sort()).to.deep.equal(known.sort());
  });

  it('are all listed in their README', () => {
    const readme = readFileSync('samples/README.md', 'utf8');
    for (const { file } of samples) expect(readme).to.include(`[${file}](${file})`);
    for (const file of graphs) expect(readme).to.include(`[${file}](${file})`);
  });

  it('only import the public entries of the packages', () => {
    for (const { file } of samples) {
      expect(readFileSync(`samples/${file}`, 'utf8')).not.to.match(/(from|import|require\() ?['"]\.\.?\//);
    }
  });

  for (const { file, prints, needs = [] } of samples) {
    it(`${file} prints the expected lines`, async function () {
      needPrograms(this, ...needs);
      const run = await runs.get(file);
      expect(run?.stderr).to.equal('');
      expect(run?.code).to.equal(0);
      const wanted = new Set(prints);
      expect(run?.stdout.split('\n').filter((line) => wanted.has(line))).to.deep.equal(prints);
    });
  }

  for (const file of graphs) {
    it(`${file} is a valid graph`, async () => {
      const graph = await loadGraph(`samples/${file}`);
      expect(file).to.equal(`graphs/${graph.name}.yaml`);
    });
  }

  it('graphs/research.yaml runs without a language model', async () => {
    const executor = new GraphExecutor(await loadGraph('samples/graphs/research.yaml'), {
      model: new EmbeddedClient(),
    });
    const computed = await executor.execute('What is 12% of 250?');
    expect(computed.answer).to.equal('30');
    expect(computed.trace.map(({ node }) => node)).to.deep.equal([
      'entry',
      'sides',
      'enough',
      'refine',
      'tidy',
      'exit',
    ]);
    expect(computed.trace[3]?.note).to.equal(
      '1 round: all rules pass; `judge` was skipped, because there is no language model',
    );
    expect((await executor.execute('Why is the sky blue?')).answer).to.equal(
      'Nothing was found on: Why is the sky blue?',
    );
  });
});
