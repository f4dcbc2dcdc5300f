import { readFile } from 'node:fs/promises';
import type { Graph, ModelSettings } from '@tinyllm/executor';
import { defaultGraphFile, embeddedName, parseGraph } from '@tinyllm/executor';
import { parseDocument } from 'yaml';

/** The names of the simulated models in metrics. */
export const simulatedModels = { small: 'simulated-small', large: 'simulated-large' } as const;

const models: Readonly<Record<string, ModelSettings>> = {
  default: {
    model: simulatedModels.small,
    timeout: 6,
    retry: { attempts: 2, initial_delay: 0.1, max_delay: 0.5 },
    breaker: { failures: 5, open_for: 6 },
    rate: { requests_per_minute: 100_000 },
    price: { input: 0.1, output: 0.4 },
  },
  large: {
    model: simulatedModels.large,
    timeout: 8,
    retry: { attempts: 2, initial_delay: 0.1, max_delay: 0.5 },
    breaker: { failures: 4, open_for: 6 },
    rate: { requests_per_minute: 100_000 },
    price: { input: 2, output: 8 },
    fallback: ['default'],
  },
  sums: { provider: embeddedName, price: { input: 0, output: 0 } },
};

/** The model of each domain's node. */
const nodeModels = { math: 'sums', code: 'large', general: 'default' };

/**
 * Returns the default graph with a model per domain: the embedded client for sums, a large simulated model for code, and
 * a small simulated model for everything else. The graph has another name, so that its metrics are not mistaken for real
 * ones.
 */
export async function simulatedGraph(): Promise<Graph> {
  const file = defaultGraphFile();
  const document = parseDocument(await readFile(file, 'utf8'));
  document.set('name', `simulated_${String(document.get('name'))}`);
  document.set('models', models);
  document.set('cache', { store: 'memory', ttl: 10 });
  for (const [node, model] of Object.entries(nodeModels)) document.setIn(['nodes', node, 'model'], model);
  return parseGraph(document.toString(), { file });
}
