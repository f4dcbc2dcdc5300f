import { GraphError } from '../errors.js';
import { suggestion } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import { schemaProblem } from '../yaml/schema-problem.js';
import { type YamlKind, YamlSource } from '../yaml/yaml-source.js';
import { cycleProblems } from './check-cycles.js';
import { edgeProblems, type GraphDraft } from './check-edges.js';
import { referenceProblems, shapeProblems, stepProblems } from './check-shape.js';
import type { Graph } from './graph.js';
import { type GraphFile, graphSchema } from './graph-schema.js';
import type { GraphNode } from './node.js';
import { nodeKinds } from './node-kinds.js';

const graphKind: YamlKind = { noun: 'graph', refusal: GraphError };

/**
 * Makes a graph of the text of a graph file; `file` is what errors call it.
 *
 * Throws a `GraphError` with line and column for the first thing that is wrong.
 */
export function parseGraph(text: string, file?: string): Graph {
  const source = new YamlSource(text, graphKind, file);
  if (source.value === null)
    throw source.error({ path: [], message: 'the graph is empty; expected name, nodes and edges.' });
  const parsed = graphSchema.safeParse(source.value);
  if (!parsed.success) throw source.error(schemaProblem(parsed.error.issues, source.value, graphKind));
  const nodes = new Map<string, GraphNode>();
  for (const [id, settings] of Object.entries(parsed.data.nodes)) {
    const made = makeNode(id, settings);
    if ('message' in made) throw source.error(made);
    nodes.set(id, made);
  }
  const draft: GraphDraft = { nodes, edges: parsed.data.edges };
  for (const problem of problems(draft)) throw source.error(problem);
  const { name, limits } = parsed.data;
  const [entry = ''] = [...nodes.values()].filter(({ kind }) => kind === 'entry').map(({ id }) => id);
  for (const problem of stepProblems(draft, entry, limits.steps)) throw source.error(problem);
  return { ...draft, name, limits, entry };
}

function makeNode(id: string, settings: GraphFile['nodes'][string]): GraphNode | Problem {
  const kind = nodeKinds.get(settings.kind);
  if (kind === undefined) {
    const names = [...nodeKinds.keys()];
    return {
      path: ['nodes', id, 'kind'],
      message: `no node kind is named "${settings.kind}"; expected ${names.join(', ')}.${suggestion(settings.kind, names)}`,
    };
  }
  const parsed = kind.parse(id, settings);
  return 'node' in parsed ? parsed.node : schemaProblem(parsed.issues, settings, { ...graphKind, base: ['nodes', id] });
}

/** In the order that names causes before their effects. */
function* problems(draft: GraphDraft): Generator<Problem> {
  yield* edgeProblems(draft);
  yield* cycleProblems(draft);
  yield* shapeProblems(draft);
  yield* referenceProblems(draft);
}
