import type { Problem } from 'tinyllm/configuration';
import { suggestion, type YamlKind, YamlSource } from 'tinyllm/configuration';
import { GraphError, PluginError } from '../errors/graph-errors.js';
import { schemaProblem } from '../schema/schema-problem.js';
import { callProblems } from './check-calls.js';
import { cycleProblems } from './check-cycles.js';
import { edgeProblems, type GraphDraft } from './check-edges.js';
import { modelProblems } from './check-models.js';
import { referenceProblems } from './check-references.js';
import { shapeProblems, stepProblems } from './check-shape.js';
import type { Graph } from './graph.js';
import { type GraphFile, graphSchema } from './graph-schema.js';
import type { GraphNode } from './node.js';
import type { NodeKind } from './node-kind.js';
import { nodeKinds } from './node-kinds.js';

type NodeSettings = GraphFile['nodes'][string];

const graphKind: YamlKind = { noun: 'graph', refusal: GraphError };

/** Options for parsing a graph. */
export interface ParseGraphOptions {
  /** The file name in error messages. */
  readonly file?: string;
  /** Additional node kinds. Their names must be unique. */
  readonly kinds?: readonly NodeKind[];
}

/**
 * Parses the YAML text of a graph file.
 *
 * @throws `GraphError` with line and column for the first problem.
 * @throws `PluginError` if two node kinds have the same name.
 */
export function parseGraph(text: string, { file, kinds: more = [] }: ParseGraphOptions = {}): Graph {
  const kinds = kindsWith(more);
  const source = new YamlSource(text, graphKind, file);
  if (source.value === null)
    throw source.error({ path: [], message: 'the graph is empty; expected name, nodes and edges.' });
  const parsed = graphSchema.safeParse(source.value);
  if (!parsed.success) throw source.error(schemaProblem(parsed.error.issues, source.value, graphKind));
  const nodes = new Map<string, GraphNode>();
  for (const [id, settings] of Object.entries(parsed.data.nodes)) {
    const made = makeNode(id, settings, kinds);
    if ('message' in made) throw source.error(made);
    nodes.set(id, made);
  }
  const draft: GraphDraft = { nodes, edges: parsed.data.edges };
  for (const problem of problems(draft)) throw source.error(problem);
  const { name, limits, labels, models, cache } = parsed.data;
  for (const problem of modelProblems(nodes, models)) throw source.error(problem);
  const [entry = ''] = [...nodes.values()].filter(({ kind }) => kind === 'entry').map(({ id }) => id);
  for (const problem of stepProblems(draft, entry, limits.steps)) throw source.error(problem);
  return {
    ...draft,
    ...{ kinds, name, limits, entry },
    ...(labels === undefined ? {} : { labels }),
    ...(models === undefined ? {} : { models }),
    ...(cache === undefined ? {} : { cache }),
  };
}

function kindsWith(more: readonly NodeKind[]): ReadonlyMap<string, NodeKind> {
  const kinds = new Map(nodeKinds);
  for (const kind of more) {
    if (kinds.has(kind.kind)) throw new PluginError(`two node kinds are named "${kind.kind}"; rename one of them.`);
    kinds.set(kind.kind, kind);
  }
  return kinds;
}

function makeNode(id: string, settings: NodeSettings, kinds: ReadonlyMap<string, NodeKind>): GraphNode | Problem {
  const kind = kinds.get(settings.kind);
  if (kind === undefined) {
    const names = [...kinds.keys()];
    return {
      path: ['nodes', id, 'kind'],
      message: `no node kind is named "${settings.kind}"; expected ${names.join(', ')}.${suggestion(settings.kind, names)}`,
    };
  }
  const parsed = kind.parse(id, settings);
  return 'node' in parsed ? parsed.node : schemaProblem(parsed.issues, settings, { ...graphKind, base: ['nodes', id] });
}

/** Yields problems in an order that reports causes before their effects. */
function* problems(draft: GraphDraft): Generator<Problem> {
  yield* edgeProblems(draft);
  yield* cycleProblems(draft);
  yield* callProblems(draft);
  yield* shapeProblems(draft);
  yield* referenceProblems(draft);
}
