import { measureInProcess } from '../run-node.js';
import { median, type Summary } from '../statistics.js';
import type { CallScenarioName, Costs } from './call-scenarios.js';

/** The results of one version of Node, by measurement. */
export interface LabelCosts {
  /** The version of Node. */
  readonly version: string;
  readonly costs: Readonly<Record<CallScenarioName | 'contexts' | 'awaits' | 'disabled' | 'off', Costs>>;
}

/** Where and how often to measure. */
export interface LabelEffort {
  readonly execPath: string;
  readonly version: string;
  readonly rounds: number;
  /** The processes of each measurement. Compiled code differs between processes. */
  readonly processes: number;
}

const MEASUREMENTS: readonly (keyof LabelCosts['costs'])[] = [
  'plain',
  'unset',
  'option',
  'context',
  'own-context',
  'dropped',
  'graph',
  'in-graph',
  'disabled',
  'off',
  'contexts',
  'awaits',
];

/** Runs each measurement in several processes, in turns. Each result is the median of all processes. */
export async function measureLabels({ execPath, version, rounds, processes }: LabelEffort): Promise<LabelCosts> {
  const runs = MEASUREMENTS.map((name) => ({ name, results: [] as Costs[] }));
  for (let process = 0; process < processes; process++) {
    for (const { name, results } of runs) {
      const env: Readonly<Record<string, string>> = name === 'off' ? { TINYLLM_METRICS: 'off' } : {};
      const args = [name, String(rounds)];
      results.push(await measureInProcess<Costs>('./labels/measure.js', { execPath, args, env }));
    }
  }
  const costs = runs.map(({ name, results }) => [name, medianOf(results)]);
  return { version, costs: Object.fromEntries(costs) };
}

function medianOf(results: readonly Costs[]): Costs {
  const [first = {}] = results;
  const summaries = Object.keys(first).map((name): [string, Summary] => {
    const all = results.map((costs) => costs[name]!);
    const middle = (part: keyof Summary): number => median(all.map((summary) => summary[part]));
    return [name, { median: middle('median'), lower: middle('lower'), upper: middle('upper') }];
  });
  return Object.fromEntries(summaries);
}
