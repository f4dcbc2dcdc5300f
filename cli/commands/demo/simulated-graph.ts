import { readFile } from 'node:fs/promises';
import type { Graph, ModelSettings } from '@tinyllm/executor';
import { defaultGraphFile, embeddedName, parseGraph } from '@tinyllm/executor';
import { parseDocument } from 'yaml';

/** What the models of the simulation are called in metrics. */
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

/** Which model each domain's node asks. */
const asked = { math: 'sums', code: 'large', general: 'default' };

/**
 * The graph that `tinyllm run` runs, with a model for each domain: sums go to the embedded one, code to a large simulated
 * one, and the rest to a small simulated one. It bears another name, so that nobody takes its metrics for real ones.
 */
export async function simulatedGraph(): Promise<Graph> {
  const file = defaultGraphFile();
  const document = parseDocument(await readFile(file, 'utf8'));
  document.set('name', `simulated_${String(document.get('name'))}`);
  document.set('models', models);
  document.set('cache', { store: 'memory', ttl: 10 });
  for (const [node, model] of Object.entries(asked)) document.setIn(['nodes', node, 'model'], model);
  return parseGraph(document.toString(), { file });
}
