import type { Graph } from '@tinyllm/executor';
import { defaultGraphFile, loadGraph } from '@tinyllm/executor';

/** Loads a graph, by default the multi_domain one, that may use the node kinds of some modules. */
export async function loadGraphWith(plugins: readonly string[] = [], file = defaultGraphFile()): Promise<Graph> {
  if (plugins.length === 0) return loadGraph(file);
  const { loadPlugins } = await import('@tinyllm/executor');
  return loadGraph(file, { kinds: await loadPlugins(plugins) });
}
