import { unknownKeyText } from 'tinyllm/configuration';
import { z } from 'zod';

/** A schema of a map that rejects unknown keys, with a message that lists the known ones. */
export function closedMap<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      return issue.code === 'unrecognized_keys' ? unknownKeyText(issue.keys[0] ?? '', known) : undefined;
    },
  });
}
