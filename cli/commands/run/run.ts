import { GraphExecutor, type NodeTrace, type RunResult } from '@tinyllm/executor';
import { readOllamaResidency } from '@tinyllm/executor/servers';
import { getMetricsCollector, registry, withLabels } from 'tinyllm';
import type { CommandContext } from '../../command/command-context.js';
import { connectRunModels } from '../../executor/connect-run-models.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { openStores } from '../../executor/open-stores.js';
import { labelNamesOf } from '../../executor/run-labels.js';
import { readableSeconds, traceTable } from '../../executor/trace-table.js';
import type { RunCommandOptions } from '../../flags/run-options.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { checkDelivery, deliverMetrics } from '../../metrics/deliver-metrics.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { SilenceWatch } from './silence-watch.js';

/** Answers a question with a graph. Throws errors of the graph, the model or the metrics server. */
export async function run(options: RunCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const {
    query,
    json,
    metricsPort: port,
    metricsHost: host,
    webConfigFile,
    page,
    openMetrics2,
    defaultMetrics,
    lingerSeconds,
  } = options;
  const graph = await loadGraphWith(options.plugins, options.graph);
  configureRecording({ ...options, labels: labelNamesOf(options.labels?.names, [graph]) });
  await checkDelivery(options, context);
  const exportsMetrics = (port ?? options.push ?? options.metricsFile ?? options.hub) !== undefined;
  if (exportsMetrics) noteDisabledMetrics(context);
  signal.throwIfAborted();
  const { cache, conversation } = openStores(options.stores, context, graph.cache);
  const models = await connectRunModels(options, context, { settings: graph.models, cache });
  const model = models.default;
  signal.throwIfAborted();
  if (defaultMetrics === true) await collectDefaultMetrics(registry);
  const serving =
    port === undefined
      ? undefined
      : await serveMetrics({ port, host, webConfigFile, page, openMetrics2, lingerSeconds }, context);
  context.defer(() => deliverMetrics(options, context));
  if (exportsMetrics && model.provider === 'ollama') context.defer(() => recordResidency(options.baseUrl));

  const history = await conversation?.recall();
  const executed: NodeTrace[] = [];
  let result: RunResult | undefined;
  const server = model.url === undefined ? model.provider : `${model.provider} at ${model.url}`;
  const silence = new SilenceWatch({
    seconds: options.patienceSeconds ?? 10,
    onSilence: () => output.note(`still waiting for ${server}; press Ctrl-C to stop`),
  });
  const onText = (text: string): void => {
    silence.reset();
    output.chunk(text);
  };
  try {
    const executor = new GraphExecutor(graph, { model, models });
    const runOptions = {
      signal,
      ...(history === undefined ? {} : { history }),
      onNode: (trace: NodeTrace) => {
        executed.push(trace);
        silence.reset();
      },
      ...(output.interactive && !json ? { onText } : {}),
    };
    result = await withLabels(options.labels?.values ?? {}, () => executor.execute(query, runOptions));
  } finally {
    silence.end();
    output.endLine();
    if (result === undefined && options.trace && executed.length > 0) output.note(traceTable(executed));
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

/** Timeout for reading the loaded models of Ollama. */
const residencyTimeoutMilliseconds = 500;

/**
 * Records once which models are in Ollama's memory. Ignores errors of the server.
 *
 * @param host The address in any format of `OLLAMA_HOST`. Default: this variable.
 */
export async function recordResidency(host: string | undefined): Promise<void> {
  const collector = getMetricsCollector();
  const models = readOllamaResidency({
    ...(host === undefined ? {} : { host }),
    signal: AbortSignal.timeout(residencyTimeoutMilliseconds),
  });
  for (const model of await models.catch(() => [])) collector.updateModelResidency({ ...model, loaded: true });
}
