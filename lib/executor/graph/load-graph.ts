import { type FileHandle, open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { GraphError } from '../errors/graph-errors.js';
import type { Graph } from './graph.js';
import type { NodeKind } from './node-kind.js';

/** Maximum size of a graph file: 256 KiB. */
const maxBytes = 256 * 1024;

/** Options for loading a graph. */
export interface LoadGraphOptions {
  /** Additional node kinds, from plugin modules or created with `defineNodeKind`. */
  readonly kinds?: readonly NodeKind[];
}

/**
 * Reads a graph from a YAML file.
 *
 * @throws `GraphError` if the file cannot be read, is larger than 256 KiB, is not UTF-8 text, or is not a valid graph.
 */
export async function loadGraph(file: string, { kinds = [] }: LoadGraphOptions = {}): Promise<Graph> {
  const bytes = await read(file);
  if (bytes.length > maxBytes) {
    throw new GraphError('is larger than 256 KiB; expected a graph file of at most 256 KiB.', { file });
  }
  const text = decode(bytes, file);
  // Load the schema and YAML libraries only when a graph is loaded, not when the package is imported.
  const { parseGraph } = await import('./parse-graph.js');
  return parseGraph(text, { file, kinds });
}

async function read(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    // Read one byte more than the limit, to detect a file that is too large or endless.
    return await buffer(handle.createReadStream({ end: maxBytes, autoClose: false }));
  } catch (cause) {
    throw new GraphError(unreadable(cause), { file, cause });
  } finally {
    await handle?.close();
  }
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file; check the path.';
    case 'EISDIR':
      return 'is a directory; expected a graph file.';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read by this user; check its permissions.';
    default:
      return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GraphError('is not UTF-8 text; expected a graph in YAML.', { file, cause });
  }
}
