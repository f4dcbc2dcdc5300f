import { defaultGraphFile } from '../../lib/executor/graph/default-graph.js';
import type { Graph } from '../../lib/executor/graph/graph.js';
import { loadGraph } from '../../lib/executor/graph/load-graph.js';

/** Loads a graph, by default the multi_domain one, that may use the node kinds of some modules. */
export async function loadGraphWith(plugins: readonly string[] = [], file = defaultGraphFile()): Promise<Graph> {
  if (plugins.length === 0) return loadGraph(file);
  const { loadPlugins } = await import('../../lib/executor/graph/load-plugins.js');
  return loadGraph(file, { kinds: await loadPlugins(plugins) });
}
