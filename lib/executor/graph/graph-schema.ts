import { expectedLabelText, isLabelText, labelNameProblem, maxAdditionalLabels } from 'tinyllm/configuration';
import { z } from 'zod';
import { modelSettingsSchema } from '../models/model-settings.js';
import { redisAddress } from '../redis/redis-address.js';
import { closedMap } from '../schema/closed-map.js';
import { nameSchema } from './schema.js';

/** The default of `limits.steps`. */
const defaultSteps = 50;

const stepsSchema = z
  .int()
  .min(1, 'expected a whole number from 1 to 10000.')
  .max(10_000, 'expected a whole number from 1 to 10000.');

const secondsSchema = z
  .number()
  .gt(0, 'expected a number of seconds above 0, at most 86400.')
  .max(86_400, 'expected a number of seconds above 0, at most 86400.');

const limitsSchema = closedMap({
  steps: stepsSchema.default(defaultSteps),
  seconds: secondsSchema.exactOptional(),
  tokens: z.int().min(1, 'expected a whole number of 1 or more.').exactOptional(),
  cost: z.number().gt(0, 'expected US dollars, a number above 0.').exactOptional(),
});

const storeSchema = z.string().refine(isStore, 'expected memory, or a Redis address such as redis://127.0.0.1:6379.');

function isStore(text: string): boolean {
  try {
    return text === 'memory' || redisAddress(text) !== undefined;
  } catch {
    return false;
  }
}

const cacheSchema = closedMap({
  store: storeSchema.default('memory'),
  max_entries: z.int().min(1, 'expected a whole number of 1 or more.').exactOptional(),
  ttl: z.number().gt(0, 'expected a number of seconds above 0.').exactOptional(),
});

const labelNameSchema = z.string().superRefine((name, { addIssue }) => {
  const problem = labelNameProblem(name);
  if (problem !== undefined) addIssue({ code: 'custom', message: problem });
});

const labelsSchema = z
  .record(labelNameSchema, z.string().refine(isLabelText, `expected ${expectedLabelText}.`))
  .superRefine((labels, { addIssue }) => {
    const count = Object.keys(labels).length;
    if (count <= maxAdditionalLabels) return;
    const message = `expected at most ${maxAdditionalLabels} labels, but there are ${count}. Remove ${count - maxAdditionalLabels} of them.`;
    addIssue({ code: 'custom', message });
  });

/** The response cache of a graph file. `ttl` is in seconds. */
export type CacheSettings = z.output<typeof cacheSchema>;

/** A complete graph file. The node kinds check the settings of their nodes. */
export const graphSchema = closedMap({
  name: nameSchema,
  limits: limitsSchema.prefault({}),
  labels: labelsSchema.exactOptional(),
  models: z.record(nameSchema, modelSettingsSchema).exactOptional(),
  cache: cacheSchema.exactOptional(),
  nodes: z
    .record(nameSchema, z.looseObject({ kind: nameSchema }))
    .refine((nodes) => Object.keys(nodes).length > 0, { error: 'expected at least an entry and an exit.' }),
  edges: z.array(closedMap({ from: nameSchema, to: nameSchema, when: nameSchema.exactOptional() })),
});

/** The content of a graph file, before nodes are created and edges are checked. */
export type GraphFile = z.output<typeof graphSchema>;
