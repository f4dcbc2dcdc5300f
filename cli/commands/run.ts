import { defaultGraphFile } from '../../lib/graph/default-graph.js';
import { GraphExecutor } from '../../lib/graph/executor.js';
import { loadGraph } from '../../lib/graph/load-graph.js';
import type { NodeTrace, RunResult } from '../../lib/graph/run-result.js';
import { providerNames, selectModelClient } from '../../lib/models/select-model.js';
import type { CommandContext } from '../command-context.js';
import { serveMetrics } from '../serve-metrics.js';
import { readableSeconds, traceTable } from '../trace-table.js';
import { UsageError } from '../usage-error.js';

/** Options of `tinyllm run`. */
export interface RunCommandOptions {
  readonly query: string;
  /** Default the multi_domain graph. */
  readonly graph: string | undefined;
  /** Default Ollama when it answers, else embedded. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** Serves metrics when given; 0 for any free port. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** How long to serve metrics after the run, unless a scrape comes first. */
  readonly lingerSeconds: number;
  readonly trace: boolean;
  readonly json: boolean;
}

/** Answers a question with a graph. Throws what the graph, the model or the metrics server throws. */
export async function run(options: RunCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { query, json, metricsPort: port, metricsHost: host, lingerSeconds } = options;
  refuseUnknownProvider(options.provider);
  const graph = await loadGraph(options.graph ?? defaultGraphFile());
  signal.throwIfAborted();
  const model = await selectModelClient({
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  signal.throwIfAborted();
  const serving = port === undefined ? undefined : await serveMetrics({ port, host, lingerSeconds }, context);

  const passed: NodeTrace[] = [];
  let result: RunResult | undefined;
  try {
    result = await new GraphExecutor(graph, { model }).execute(query, {
      signal,
      onNode: (trace) => passed.push(trace),
      ...(output.interactive && !json ? { onText: (text: string) => output.piece(text) } : {}),
    });
  } finally {
    output.endLine();
    if (result === undefined && options.trace && passed.length > 0) output.note(traceTable(passed));
  }

  const { answer, trace, seconds, usage, provider } = result;
  if (json) {
    const { trace: _trace, ...facts } = result;
    output.json({
      ...facts,
      ...(options.trace ? { trace } : {}),
      ...(serving === undefined ? {} : { metrics: { url: serving.url } }),
    });
  } else if (!output.interactive) output.text(answer);
  output.note(
    `answered by ${provider}, model ${result.model}, in ${readableSeconds(seconds)}` +
      ` (${usage.inputTokens} tokens in, ${usage.outputTokens} out)`,
  );
  if (options.trace && !json) output.note(traceTable(trace));
}

function refuseUnknownProvider(provider: string | undefined): void {
  if (provider === undefined || (providerNames as readonly string[]).includes(provider)) return;
  const expected = providerNames.join(', ');
  throw new UsageError(`unknown provider ${JSON.stringify(provider)}; expected one of ${expected}.`, 'run');
}
