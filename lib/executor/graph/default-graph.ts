import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GraphError } from '../errors/graph-errors.js';

const file = join('graphs', 'multi_domain.yaml');
// The build copies the sample next to the code of the package.
const places: readonly string[] = [file, join('samples', file)];

/**
 * The absolute path of the default graph, `multi_domain.yaml`.
 *
 * Searches the folder of this module and its parent folders, because the path of the module differs between sources and
 * build.
 *
 * @throws {GraphError} if the file is missing.
 */
export function defaultGraphFile(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const found = places.map((place) => join(folder, place)).find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    if (folder === dirname(folder)) {
      throw new GraphError(
        `${file} is missing in ${start} and its parent folders; reinstall @tinyllm/executor, or pass a graph file.`,
      );
    }
  }
}
