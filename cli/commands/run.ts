import { defaultGraphFile } from '../../lib/graph/default-graph.js';
import { GraphExecutor } from '../../lib/graph/executor.js';
import { loadGraph } from '../../lib/graph/load-graph.js';
import type { NodeTrace, RunResult } from '../../lib/graph/run-result.js';
import { OllamaClient } from '../../lib/models/ollama-client.js';
import { providerNames, selectModelClient } from '../../lib/models/select-model.js';
import type { CommandContext } from '../command-context.js';
import { deliverMetrics } from '../deliver-metrics.js';
import { serveMetrics } from '../serve-metrics.js';
import { SilenceWatch } from '../silence-watch.js';
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
  /** TLS, users and headers of the metrics server; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether to serve prom-client's metrics of this process as well; default not. */
  readonly defaultMetrics?: boolean | undefined;
  /** How long to serve metrics after the run, unless a scrape comes first. */
  readonly lingerSeconds: number;
  /** A Pushgateway or hub to push to at the end; when that fails the command does, too. */
  readonly push?: string | undefined;
  /** A file to write the metrics to at the end; when that fails the command does, too. */
  readonly metricsFile?: string | undefined;
  /** A hub to push to at the end; when that fails it is only told. */
  readonly hub?: string | undefined;
  readonly trace: boolean;
  readonly json: boolean;
  /** Seconds without a word from the model after which stderr says who is being waited for; default 10. */
  readonly patienceSeconds?: number;
}

/** Answers a question with a graph. Throws what the graph, the model or the metrics server throws. */
export async function run(options: RunCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { query, json, metricsPort: port, metricsHost: host, webConfigFile, defaultMetrics, lingerSeconds } = options;
  refuseUnknownProvider(options.provider);
  const graph = await loadGraph(options.graph ?? defaultGraphFile());
  signal.throwIfAborted();
  const model = await selectModelClient({
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  signal.throwIfAborted();
  const serving =
    port === undefined
      ? undefined
      : await serveMetrics({ port, host, webConfigFile, defaultMetrics, lingerSeconds }, context);
  context.afterwards(() => deliverMetrics(options, context));

  const passed: NodeTrace[] = [];
  let result: RunResult | undefined;
  const whom = model instanceof OllamaClient ? `Ollama at ${model.url}` : model.provider;
  const silence = new SilenceWatch({
    seconds: options.patienceSeconds ?? 10,
    onSilence: () => output.note(`still waiting for ${whom}; Ctrl-C ends it`),
  });
  const onText = (text: string): void => {
    silence.heard();
    output.piece(text);
  };
  try {
    result = await new GraphExecutor(graph, { model }).execute(query, {
      signal,
      onNode: (trace) => {
        passed.push(trace);
        silence.heard();
      },
      ...(output.interactive && !json ? { onText } : {}),
    });
  } finally {
    silence.end();
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
