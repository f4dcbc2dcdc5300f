import type { z } from 'zod';
import type { GraphNode } from './node.js';
import { tracked } from './tracked-node.js';

/** A node, or what is wrong with its settings. */
export type ParsedNode = { readonly node: GraphNode } | { readonly issues: readonly z.core.$ZodIssue[] };

/** What every node kind says of itself. */
export interface NodeKindFacts {
  /** What stands behind `kind:`. */
  readonly kind: string;
  /** The brackets of its shape in a Mermaid flowchart. */
  readonly shape: readonly [open: string, close: string];
}

/** A kind of node as a graph file may name it. */
export interface NodeKind extends NodeKindFacts {
  /** Makes a node of what the file says about it. */
  parse(id: string, settings: unknown): ParsedNode;
}

/** What a node kind is made of. */
export interface NodeKindDefinition<Settings extends z.ZodType> {
  /** What stands behind `kind:`. */
  readonly kind: string;
  /** The brackets of its shape in a Mermaid flowchart; default `[` and `]`, a rectangle. */
  readonly shape?: readonly [open: string, close: string];
  /** Everything the file may say about such a node, `kind` included, as a schema of zod 4. */
  readonly settings: Settings;
  /** Makes a node; one whose `execute` no `@TrackNode` stands on is tracked all the same. */
  readonly create: (id: string, settings: z.output<Settings>) => GraphNode;
}

/** Ties a kind's schema to its class. */
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
      return parsed.success ? { node: tracked(create(id, parsed.data)) } : { issues: parsed.error.issues };
    },
  };
}
