import { GraphExecutor, type NodeTrace, type RunResult } from '@tinyllm/executor';
import { readOllamaResidency } from '@tinyllm/executor/servers';
import { getMetricsCollector, registry } from 'tinyllm';
import type { CommandContext } from '../../command/command-context.js';
import { connectRunModels } from '../../executor/connect-run-models.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { openStores } from '../../executor/open-stores.js';
import { readableSeconds, traceTable } from '../../executor/trace-table.js';
import type { RunCommandOptions } from '../../flags/run-options.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { checkDelivery, deliverMetrics } from '../../metrics/deliver-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { SilenceWatch } from './silence-watch.js';

/** Answers a question with a graph. Throws what the graph, the model or the metrics server throws. */
export async function run(options: RunCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const {
    query,
    json,
    metricsPort: port,
    metricsHost: host,
    webConfigFile,
    page,
    defaultMetrics,
    lingerSeconds,
  } = options;
  const graph = await loadGraphWith(options.plugins, options.graph);
  await checkDelivery(options, context);
  signal.throwIfAborted();
  const { cache, conversation } = openStores(options.stores, context, graph.cache);
  const models = await connectRunModels(options, context, { settings: graph.models, cache });
  const model = models.default;
  signal.throwIfAborted();
  if (defaultMetrics === true) await collectDefaultMetrics(registry);
  const serving =
    port === undefined ? undefined : await serveMetrics({ port, host, webConfigFile, page, lingerSeconds }, context);
  context.afterwards(() => deliverMetrics(options, context));
  const isRead = (port ?? options.push ?? options.metricsFile ?? options.hub) !== undefined;
  if (isRead && model.provider === 'ollama') context.afterwards(() => recordResidency(options.baseUrl));

  const history = await conversation?.recall();
  const passed: NodeTrace[] = [];
  let result: RunResult | undefined;
  const whom = model.url === undefined ? model.provider : `${model.provider} at ${model.url}`;
  const silence = new SilenceWatch({
    seconds: options.patienceSeconds ?? 10,
    onSilence: () => output.note(`still waiting for ${whom}; Ctrl-C ends it`),
  });
  const onText = (text: string): void => {
    silence.heard();
    output.piece(text);
  };
  try {
    result = await new GraphExecutor(graph, { model, models }).execute(query, {
      signal,
      ...(history === undefined ? {} : { history }),
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
    const { trace: _trace, finishReason: _reason, ...facts } = result;
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
  await conversation?.remember(query, answer);
}

/** How long Ollama may take to say which models it holds in memory, in milliseconds. */
const answerWithin = 500;

/**
 * Records once which models Ollama holds in memory; a server that does not say fails nothing.
 *
 * @param host In any form `OLLAMA_HOST` may have; default that variable.
 */
export async function recordResidency(host: string | undefined): Promise<void> {
  const collector = getMetricsCollector();
  const asked = readOllamaResidency({
    ...(host === undefined ? {} : { host }),
    signal: AbortSignal.timeout(answerWithin),
  });
  for (const model of await asked.catch(() => [])) collector.updateModelResidency({ ...model, loaded: true });
}
