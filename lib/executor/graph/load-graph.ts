import { type FileHandle, open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { GraphError } from '../errors/graph-errors.js';
import type { Graph } from './graph.js';
import type { NodeKind } from './node-kind.js';

/** The largest graph file that is read, in bytes: 256 KiB. */
const maxBytes = 256 * 1024;

/** What a graph is loaded with. */
export interface LoadGraphOptions {
  /** Node kinds besides those there are, of modules or made with `defineNodeKind`. */
  readonly kinds?: readonly NodeKind[];
}

/**
 * Reads a graph from a YAML file.
 *
 * Throws a `GraphError` when the file cannot be read, is larger than 256 KiB, is not UTF-8 text, or does not
 * hold a graph that holds together.
 */
export async function loadGraph(file: string, { kinds = [] }: LoadGraphOptions = {}): Promise<Graph> {
  const bytes = await read(file);
  if (bytes.length > maxBytes) {
    throw new GraphError('is larger than 256 KiB; expected a graph file, which is far smaller.', { file });
  }
  const text = decode(bytes, file);
  // The schema and YAML libraries are loaded by those who load a graph, not by those who import the package.
  const { parseGraph } = await import('./parse-graph.js');
  return parseGraph(text, { file, kinds });
}

async function read(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    // One byte past the limit tells a file that is too large, even one that never ends.
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
      return 'may not be read by this user; check its permissions.';
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
