import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GraphError } from '../errors/graph-errors.js';

const inPackage = join('samples', 'graphs', 'multi_domain.yaml');

/**
 * The absolute path of the graph that runs when none is named: `samples/graphs/multi_domain.yaml`.
 *
 * Looks upwards from this module, which lies deeper when compiled. Throws a `GraphError` when the package has
 * come apart and the file is gone.
 */
export function defaultGraphFile(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, inPackage);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) {
      throw new GraphError(`${inPackage} is not above ${start}; install tinyllm anew, or name a graph file.`);
    }
  }
}
