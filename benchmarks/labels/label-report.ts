import { spread, table, targetLines } from '../markdown.js';
import type { CallScenarioName, Costs } from './call-scenarios.js';
import type { LabelCosts } from './label-costs.js';
import { labelTargets } from './label-targets.js';

const CALLS: Readonly<Partial<Record<CallScenarioName, string>>> = {
  plain: 'no labels',
  unset: "`labels: ['tenant']`, no value",
  option: 'one label from the option `labels`',
  context: 'one label, all calls in one `withLabels`',
  'own-context': 'one label, each call in its own `withLabels`',
  dropped: 'two labels from the option, `dropLabels` on the histogram',
};

/** Formats the results of one version of Node as Markdown. */
export function labelSection(results: LabelCosts): string[] {
  const { version, costs } = results;
  const { plain, off, disabled } = costs;
  return [
    `## Labels, context and switching off, on Node ${version}`,
    '',
    'Time that a function wrapper and a decorator add to a call of the same function, in nanoseconds.',
    '',
    ...table(
      ['', 'added, ns', 'compared with `@TrackNode`'],
      [
        ['`@TrackNode`', spread(plain.node!, 0), '1.00 ×'],
        ['`trackNode(fn)`', spread(plain.wrapper!, 0), ratio(plain.wrapper!.median, plain.node!.median)],
      ],
    ),
    'Time that `@TrackNode` adds to a call with labels, in nanoseconds. Each row was measured in its own processes.',
    '"By hand" means a counter, a gauge and a histogram of prom-client with the same labels. It reads labels of the',
    'context with `currentLabels()`. If each call has its own `withLabels`, both times include the call of',
    '`withLabels`, and the label has one of eight values.',
    '',
    ...table(
      [
        '',
        'added, ns',
        'more than without labels, ns',
        'compared with the floor',
        'by hand, added, ns',
        'faster than by hand',
      ],
      Object.entries(CALLS).map(([name, title]) => labelRow(title, costs[name as CallScenarioName], plain)),
    ),
    ...contextLines(results),
    'Time that `@TrackNode` adds to a call while the metrics are off, in nanoseconds. It is the difference between the',
    '10th percentiles of the measurements, because the median of a busy machine varies more than this time. The last',
    'column is the difference between two measurements of the original method: the error. With `TINYLLM_METRICS=off`,',
    'the benchmark also checks that the decorated method is the original function.',
    '',
    ...table(
      ['', 'added, ns', 'error, ns'],
      [
        ['`TINYLLM_METRICS=off`', off.node!.median.toFixed(1), off.again!.median.toFixed(1)],
        ['`configureMetrics({ enabled: false })`', disabled.node!.median.toFixed(1), disabled.again!.median.toFixed(1)],
      ],
    ),
    ...targetLines(labelTargets(results)),
  ];
}

function labelRow(title: string, measured: Costs, plain: Costs): string[] {
  const { node, floor, 'prom-client': peer } = measured;
  return [
    title,
    spread(node!, 0),
    measured === plain ? '' : (node!.median - plain.node!.median).toFixed(0),
    ratio(node!.median, floor!.median),
    spread(peer!, 0),
    `${(peer!.median / node!.median).toFixed(1)} ×`,
  ];
}

function contextLines({ version, costs }: LabelCosts): string[] {
  const { plain, graph, 'in-graph': inGraph, contexts, awaits } = costs;
  const storage = '`AsyncLocalStorage`';
  return [
    `Time of one operation on Node ${version}, in nanoseconds. The last column shows the same operation of an`,
    `${storage} without TinyLLM.`,
    '',
    ...table(
      ['', 'time, ns', `${storage}, ns`],
      [
        ['`currentLabels()` inside `withLabels`', spread(contexts.currentLabels!, 1), spread(contexts.getStore!, 1)],
        ['`withLabels(…, fn)`', spread(contexts.withLabels!, 0), spread(contexts.run!, 0)],
        ['`await withLabels(…, asyncFn)`, added', spread(contexts['withLabels-async']!, 0), ''],
      ],
    ),
    `Time that the decorators add to a call with \`graphContext\` on Node ${version}, in nanoseconds.`,
    '',
    ...table(
      ['', 'added, ns', 'without `graphContext`, ns'],
      [
        ['`@TrackNode` inside a graph', spread(inGraph.node!, 0), spread(plain.node!, 0)],
        ['`@TrackGraph`', spread(graph.graph!, 0), spread(plain.graph!, 0)],
      ],
    ),
    `Time of \`await null\` on Node ${version}, in nanoseconds. The process does nothing else. On Node 20 and 22, the`,
    'first call of `withLabels` makes every later `await` and promise of the process slower. The tables above include',
    'this for the promises that TinyLLM adds.',
    '',
    ...table(
      ['', 'time, ns'],
      [
        ['before the first `withLabels` of the process', spread(awaits.before!, 0)],
        ['after it, outside', spread(awaits.after!, 0)],
        ['inside a later `withLabels`', spread(awaits.inside!, 0)],
      ],
    ),
  ];
}

function ratio(of: number, to: number): string {
  return `${(of / to).toFixed(2)} ×`;
}
