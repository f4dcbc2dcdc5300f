import { z } from 'zod';

/** The name of a node, a route or a graph. Names are short because they are label values. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
    'expected a name: a letter, then at most 63 letters, digits, ".", "_" or "-".',
  );
