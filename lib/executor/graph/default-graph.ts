import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GraphError } from '../errors/graph-errors.js';

const file = join('graphs', 'multi_domain.yaml');
/** The build copies the sample next to the package's code. */
const places: readonly string[] = [file, join('samples', file)];

/**
 * The absolute path of the default graph, `multi_domain.yaml`.
 *
 * Searches this module's folder and the folders above it, because the module's place differs between sources and build.
 *
 * @throws {GraphError} if the file is missing.
 */
export function defaultGraphFile(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const found = places.map((place) => join(folder, place)).find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    if (folder === dirname(folder)) {
      throw new GraphError(`${file} is not in ${start} or above; reinstall @tinyllm/executor, or name a graph file.`);
    }
  }
}
