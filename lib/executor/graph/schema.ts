import { z } from 'zod';

/** The name of a node, a route or a graph: it becomes a label value, so it is short and plain. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
    'expected a name: a letter, then at most 63 letters, digits, ".", "_" or "-".',
  );
