import { z } from 'zod';

/** A regular expression in a graph file. It has the flags `g`, `i` and `u`. */
export const patternSchema = z.string().transform((source, context) => {
  try {
    return new RegExp(source, 'giu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `expected a regular expression (flags i, u): ${reason}.` });
    return z.NEVER;
  }
});
