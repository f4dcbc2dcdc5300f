import { z } from 'zod';

/** A regular expression as a graph file writes it; it finds all matches, in any case, by Unicode's rules. */
export const patternSchema = z.string().transform((source, context) => {
  try {
    return new RegExp(source, 'giu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `expected a regular expression (flags i, u): ${reason}.` });
    return z.NEVER;
  }
});
