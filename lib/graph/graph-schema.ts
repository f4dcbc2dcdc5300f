import { z } from 'zod';
import { closedMap } from '../yaml/closed-map.js';
import { nameSchema } from './schema.js';

/** The steps a run may take when the file does not say. */
const defaultSteps = 50;

const stepsSchema = z
  .int()
  .min(1, 'expected a whole number from 1 to 10000.')
  .max(10_000, 'expected a whole number from 1 to 10000.');

/** A graph file as a whole; each node's own settings are left to its kind. */
export const graphSchema = closedMap({
  name: nameSchema,
  limits: closedMap({ steps: stepsSchema.default(defaultSteps) }).prefault({}),
  nodes: z
    .record(nameSchema, z.looseObject({ kind: nameSchema }))
    .refine((nodes) => Object.keys(nodes).length > 0, { error: 'expected at least an entry and an exit.' }),
  edges: z.array(closedMap({ from: nameSchema, to: nameSchema, when: nameSchema.exactOptional() })),
});

/** What a graph file says, before its nodes are made and its edges are checked. */
export type GraphFile = z.output<typeof graphSchema>;
