import { quote, suggestion } from 'tinyllm/configuration';
import { z } from 'zod';

/** A map that refuses keys it does not know, and says which it does. */
export function closedMap<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const unknown = issue.keys[0] ?? '';
      return `unknown key ${quote(unknown)}; expected ${known.join(', ')}.${suggestion(unknown, known)}`;
    },
  });
}
