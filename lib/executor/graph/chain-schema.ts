import { z } from 'zod';
import { nameSchema } from './schema.js';

/** The nodes that run one after the other: one name, or a list of names. */
export const chainSchema = z
  .union([nameSchema, z.array(nameSchema).min(1, 'expected at least one node.')], {
    error: 'expected the name of a node, or a list of such names.',
  })
  .transform((names): readonly string[] => (typeof names === 'string' ? [names] : names));
