import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import {
  getMetricsCollector,
  TrackGraph,
  TrackNode,
  TrackRequest,
  TrackTool,
  trackGraph,
  trackNode,
  trackRequest,
  trackTool,
} from '../../../lib/core/index.js';
import type { MetricOptions } from '../../../lib/core/metrics/descriptor.js';
import type { Instrument } from '../../../lib/core/metrics/instrument.js';
import { freshGraph, scraped } from '../../support/shared-scrape.js';

type Work = () => unknown;
type Caller = (options: object) => (work: Work) => unknown;

/** Each decorator and wrapper, as a function that tracks a call of another function. */
const callers: readonly (readonly [kind: string, decorator: Caller, wrapper: Caller])[] = [
  ['Graph', decorated(TrackGraph), (options) => trackGraph((work: Work) => work(), options)],
  ['Node', decorated(TrackNode), (options) => trackNode((work: Work) => work(), { node: 'node', ...options })],
  ['Request', decorated(TrackRequest), (options) => trackRequest((work: Work) => work(), options)],
  ['Tool', decorated(TrackTool), (options) => trackTool((work: Work) => work(), { tool: 'tool', ...options })],
];

function decorated(decorator: typeof TrackGraph): Caller {
  return (options) => decorator(options)({}, 'method', { value: (work: Work) => work() }).value;
}

/** Ollama's last chunk of a response that took 2 seconds to load the model. Durations are in nanoseconds. */
const ollama = {
  ...{ model: 'm', response: 'text', done: true, done_reason: 'stop', total_duration: 4e9, load_duration: 2e9 },
  ...{ prompt_eval_count: 3, prompt_eval_duration: 1e9, eval_count: 4, eval_duration: 1e9 },
};

const usage = () => ({
  ...{ inputTokens: 5, outputTokens: 5, cachedInputTokens: 1, cacheWriteTokens: 1, reasoningTokens: 1 },
});

async function* stream() {
  for (const response of ['one', 'two']) yield { ...ollama, response, done: false };
  yield ollama;
}

/** Makes calls that write every metric of their kind, and returns the names of the metrics. */
async function writtenMetrics(caller: Caller, kind: string): Promise<string[]> {
  const graph = freshGraph();
  const model = `model-of-${graph}`;
  const labels = kind === 'Request' ? { graph, model } : { graph };
  const call = caller(labels);
  await call(async () => ollama);
  if (kind === 'Request') await caller({ ...labels, usage })(async () => ollama);
  for await (const _chunk of call(stream) as AsyncIterable<unknown>);
  for (const error of [new RangeError('no'), new DOMException('gone', 'AbortError')]) {
    await (call(() => Promise.reject(error)) as Promise<unknown>).catch(() => {});
  }
  const instrumentation = await instrumentationErrors();
  caller({ ...labels, isError: () => JSON.parse('invalid') })(() => 1);
  const all: readonly Instrument[] = Object.values(getMetricsCollector().instruments);
  const written = all.filter((instrument) =>
    instrument.labelledSeries().some(({ labelValues }) => labelValues.includes(graph) || labelValues.includes(model)),
  );
  const names = written.map(({ name }) => name);
  if ((await instrumentationErrors()) > instrumentation) names.push('tinyllm_instrumentation_errors_total');
  return names;
}

/** The catalog's metrics of one kind: those of nodes and tools have a label with that name, those of graphs no other. */
function catalogMetrics(kind: string): string[] {
  const others = ['model', 'node', 'tool'];
  const all: readonly MetricOptions[] = Object.values(catalog);
  const found = all.filter(({ labels = [] }) =>
    kind === 'Graph'
      ? labels.includes('graph') && !labels.some((label) => others.includes(label))
      : labels.includes(kind.toLowerCase()),
  );
  return found.map(({ name }) => name);
}

async function instrumentationErrors(): Promise<number> {
  return (await scraped('tinyllm_instrumentation_errors_total', { site: 'is_error' })) ?? 0;
}

/** The metrics in the doc comment of an exported function. Editors show this comment. */
function documentedMetrics(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((one) => ts.isFunctionDeclaration(one) && one.name?.text === name);
  const comments = found === undefined ? [] : ts.getJSDocCommentsAndTags(found);
  const text = comments.map((comment) => comment.getText()).join('\n');
  return [...text.matchAll(/`(tinyllm_\w+)`/g)].map(([, metric = '']) => metric);
}

describe('the doc comment', () => {
  for (const [kind, decorator, wrapper] of callers) {
    for (const [name, caller] of [
      [`Track${kind}`, decorator],
      [`track${kind}`, wrapper],
    ] as const) {
      it(`of ${name} contains the names of exactly the metrics that it writes`, async () => {
        const documented = documentedMetrics(`lib/core/decorators/track-${kind.toLowerCase()}.ts`, name);
        expect(documented).to.have.members(await writtenMetrics(caller, kind));
        expect(documented).to.include.members(catalogMetrics(kind));
      });
    }
  }
});
