import { configureMetrics, currentLabels, type MeterConfiguration, registry, withLabels } from 'tinyllm';
import { catalog } from 'tinyllm/catalog';
import { addedCosts } from '../interleave.js';
import type { Summary } from '../statistics.js';
import { bareCall, floorCall } from '../subjects/bare.js';
import type { Subject } from '../subjects/subject.js';
import { byHand } from './hand-written.js';
import * as tracked from './tracked.js';

/** Nanoseconds by the name of the measurement. */
export type Costs = Readonly<Record<string, Summary>>;

/** A configuration of the metrics, and the calls to measure with it. */
interface CallScenario {
  readonly configuration: MeterConfiguration;
  readonly node: Subject;
  /** Subjects to compare with the node. */
  readonly others?: () => readonly Subject[];
  /** Runs the measurement in a context. Default: in none. */
  readonly inContext?: (work: () => Promise<Costs>) => Promise<Costs>;
  /** The labels of a sample that the calls of the node write. Undefined if they write none. */
  readonly sample: string | undefined;
}

const node = 'router';
const graph = 'benchmark';
const fromContext = (): Subject => byHand(() => ({ node, graph, tenant: currentLabels().tenant ?? '' }));

function peerInOwnContext(): Subject {
  const { name, call } = fromContext();
  return { name, call: (prompt, context) => withLabels({ tenant: context.graph }, () => call(prompt, context)) };
}

const callScenarios = {
  plain: {
    configuration: {},
    node: tracked.node,
    others: () => [tracked.wrapper, byHand(() => ({ node, graph })), tracked.graph],
    sample: '{node="router",graph="benchmark"}',
  },
  unset: {
    configuration: { labels: ['tenant'] },
    node: tracked.node,
    others: () => [byHand(() => ({ node, graph, tenant: '' }))],
    sample: '{node="router",graph="benchmark",tenant=""}',
  },
  option: {
    configuration: { labels: ['tenant'] },
    node: tracked.nodeWithOption,
    others: () => [byHand(() => ({ node, graph, tenant: 'acme' }))],
    sample: '{node="router",graph="benchmark",tenant="acme"}',
  },
  context: {
    configuration: { labels: ['tenant'] },
    node: tracked.node,
    others: () => [fromContext()],
    inContext: (work) => withLabels({ tenant: 'acme' }, work),
    sample: '{node="router",graph="benchmark",tenant="acme"}',
  },
  'own-context': {
    configuration: { labels: ['tenant'] },
    node: tracked.nodeInOwnContext,
    others: () => [peerInOwnContext()],
    sample: '{node="router",graph="benchmark",tenant="graph-7"}',
  },
  dropped: {
    configuration: { labels: ['tenant', 'region'], dropLabels: { [catalog.nodeDuration.name]: ['tenant'] } },
    node: tracked.nodeWithTwoOptions,
    others: () => [
      byHand(
        () => ({ node, graph, tenant: 'acme', region: 'eu' }),
        () => ({ node, graph, region: 'eu' }),
      ),
    ],
    sample: '{node="router",graph="benchmark",tenant="acme",region="eu"}',
  },
  'in-graph': {
    configuration: { graphContext: true },
    node: tracked.nodeInGraph,
    inContext: tracked.insideGraph,
    sample: '{node="router",graph="benchmark"}',
  },
  graph: {
    configuration: { graphContext: true },
    node: tracked.node,
    others: () => [tracked.graph],
    sample: '{node="router",graph="benchmark"}',
  },
  disabled: { configuration: { enabled: false }, node: tracked.node, sample: undefined },
  off: { configuration: {}, node: tracked.node, others: () => [tracked.wrapper], sample: undefined },
} satisfies Readonly<Record<string, CallScenario>>;

/** The name of a configuration under measurement. Each needs its own process. `off` needs `TINYLLM_METRICS=off`. */
export type CallScenarioName = keyof typeof callScenarios;

/** The names of all configurations under measurement. */
export const callScenarioNames = Object.keys(callScenarios) as readonly CallScenarioName[];

/**
 * Configures the metrics of this process, and measures what they add to a bare call. `bare` is the bare call itself.
 *
 * @throws {Error} if the calls did not write the expected labels.
 */
export async function measureCalls(name: CallScenarioName, rounds: number): Promise<Costs> {
  const scenario: CallScenario = callScenarios[name];
  if (name === 'off') tracked.requireOriginals();
  configureMetrics(scenario.configuration);
  const { inContext = (work) => work(), others = () => [] } = scenario;
  const costs = await inContext(() => addedCosts([bareCall, floorCall, scenario.node, ...others()], rounds));
  await checkSamples(scenario.sample);
  return costs;
}

async function checkSamples(labels: string | undefined): Promise<void> {
  const { name } = catalog.nodeExecutions;
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  const recorded = lines.filter((line) => !line.endsWith(' 0'));
  const isExpected =
    labels === undefined ? recorded.length === 0 : recorded.some((line) => line.startsWith(name + labels));
  if (isExpected) return;
  throw new Error(`Expected ${labels ?? 'no'} samples of ${name}; got:\n${lines.join('\n')}`);
}
