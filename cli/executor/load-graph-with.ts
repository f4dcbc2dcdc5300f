import type { Graph } from '@tinyllm/executor';
import { defaultGraphFile, loadGraph } from '@tinyllm/executor';

/** Loads a graph that may use the node kinds of plugins. Default: the multi_domain graph. */
export async function loadGraphWith(plugins: readonly string[] = [], file = defaultGraphFile()): Promise<Graph> {
  if (plugins.length === 0) return loadGraph(file);
  const { loadPlugins } = await import('@tinyllm/executor');
  return loadGraph(file, { kinds: await loadPlugins(plugins) });
}
