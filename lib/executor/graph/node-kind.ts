import type { z } from 'zod';
import type { GraphNode } from './node.js';
import { ensureTracked } from './tracked-node.js';

/** A node, or the problems with its settings. */
export type ParsedNode = { readonly node: GraphNode } | { readonly issues: readonly z.core.$ZodIssue[] };

/** The description of a node kind. */
export interface NodeKindFacts {
  /** The value of `kind:` in a graph file. */
  readonly kind: string;
  /** The brackets of the shape in a Mermaid flowchart. */
  readonly shape: readonly [open: string, close: string];
}

/** A node kind that graph files can use. */
export interface NodeKind extends NodeKindFacts {
  /** Creates a node from its settings in the file. */
  parse(id: string, settings: unknown): ParsedNode;
}

/** The definition of a node kind. */
export interface NodeKindDefinition<Settings extends z.ZodType> {
  /** The value of `kind:` in a graph file. */
  readonly kind: string;
  /** The brackets of the shape in a Mermaid flowchart; default `[` and `]`, a rectangle. */
  readonly shape?: readonly [open: string, close: string];
  /** A zod 4 schema for all settings of such a node, including `kind`. */
  readonly settings: Settings;
  /** Creates a node. If its `execute` has no `@TrackNode` decorator, it is tracked automatically. */
  readonly create: (id: string, settings: z.output<Settings>) => GraphNode;
}

/** Defines a node kind from a settings schema and a function that creates nodes. */
export function defineNodeKind<Settings extends z.ZodType>({
  kind,
  shape = ['[', ']'],
  settings,
  create,
}: NodeKindDefinition<Settings>): NodeKind {
  return {
    kind,
    shape,
    parse(id, value) {
      const parsed = settings.safeParse(value);
      return parsed.success ? { node: ensureTracked(create(id, parsed.data)) } : { issues: parsed.error.issues };
    },
  };
}
