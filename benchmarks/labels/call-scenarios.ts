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
  /** The call to which the costs of the others are added, then the others. */
  readonly subjects: () => readonly Subject[];
  /** Runs the measurement in a context. Default: in none. */
  readonly inContext?: (work: () => Promise<Costs>) => Promise<Costs>;
  /** The start of a sample that the calls of the node write. */
  readonly sample: string;
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
    subjects: () => [
      bareCall,
      floorCall,
      tracked.node,
      tracked.wrapper,
      byHand(() => ({ node, graph })),
      tracked.graph,
    ],
    sample: '{node="router",graph="benchmark"}',
  },
  unset: {
    configuration: { labels: ['tenant'] },
    subjects: () => [bareCall, floorCall, tracked.node, byHand(() => ({ node, graph, tenant: '' }))],
    sample: '{node="router",graph="benchmark",tenant=""}',
  },
  option: {
    configuration: { labels: ['tenant'] },
    subjects: () => [bareCall, floorCall, tracked.nodeWithOption, byHand(() => ({ node, graph, tenant: 'acme' }))],
    sample: '{node="router",graph="benchmark",tenant="acme"}',
  },
  context: {
    configuration: { labels: ['tenant'] },
    subjects: () => [bareCall, floorCall, tracked.node, fromContext()],
    inContext: (work) => withLabels({ tenant: 'acme' }, work),
    sample: '{node="router",graph="benchmark",tenant="acme"}',
  },
  'own-context': {
    configuration: { labels: ['tenant'] },
    subjects: () => [bareCall, floorCall, tracked.nodeInOwnContext, peerInOwnContext()],
    sample: '{node="router",graph="benchmark",tenant="graph-7"}',
  },
  dropped: {
    configuration: { labels: ['tenant', 'region'], dropLabels: { [catalog.nodeDuration.name]: ['tenant'] } },
    subjects: () => [
      bareCall,
      floorCall,
      tracked.nodeWithTwoOptions,
      byHand(
        () => ({ node, graph, tenant: 'acme', region: 'eu' }),
        () => ({ node, graph, region: 'eu' }),
      ),
    ],
    sample: '{node="router",graph="benchmark",tenant="acme",region="eu"}',
  },
  'in-graph': {
    configuration: { graphContext: true },
    subjects: () => [bareCall, floorCall, tracked.nodeInGraph],
    inContext: tracked.insideGraph,
    sample: '{node="router",graph="benchmark"}',
  },
  graph: {
    configuration: { graphContext: true },
    subjects: () => [bareCall, floorCall, tracked.node, tracked.graph],
    sample: '{node="router",graph="benchmark"}',
  },
} satisfies Readonly<Record<string, CallScenario>>;

/** The name of a configuration under measurement. Each needs its own process. */
export type CallScenarioName = keyof typeof callScenarios;

/**
 * Configures the metrics of this process, and measures the time that they add to a call. `bare` is the call without
 * metrics.
 *
 * @throws {Error} if the calls did not write the expected labels.
 */
export async function measureCalls(name: CallScenarioName, rounds: number): Promise<Costs> {
  const scenario: CallScenario = callScenarios[name];
  configureMetrics(scenario.configuration);
  const { inContext = (work) => work(), subjects } = scenario;
  const costs = await inContext(() => addedCosts(subjects(), rounds));
  await checkSamples(scenario.sample);
  return costs;
}

async function checkSamples(labels: string): Promise<void> {
  const { name } = catalog.nodeExecutions;
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  if (lines.some((line) => line.startsWith(name + labels) && !line.endsWith(' 0'))) return;
  throw new Error(`Expected a sample ${name}${labels} above 0; got:\n${lines.join('\n')}`);
}
