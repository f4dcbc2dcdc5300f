import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PluginError } from '../errors/graph-errors.js';
import type { NodeKind } from './node-kind.js';
import { nodeKinds } from './node-kinds.js';

/**
 * Loads the node kinds that JavaScript modules export under any name. Other exports are ignored.
 *
 * Paths are relative to the working directory.
 *
 * @throws `PluginError` if a module is missing, cannot be loaded or exports no node kind, or if the name of a node kind
 *   is already used.
 */
export async function loadPlugins(files: readonly string[]): Promise<readonly NodeKind[]> {
  const from = new Map<string, string>();
  const kinds: NodeKind[] = [];
  for (const file of new Set(files)) {
    for (const kind of await kindsOf(file)) {
      const other = nodeKinds.has(kind.kind) ? 'TinyLLM itself' : from.get(kind.kind);
      if (other !== undefined) {
        throw new PluginError(`the name of the node kind "${kind.kind}" is already used by ${other}; rename yours.`, {
          file,
        });
      }
      from.set(kind.kind, file);
      kinds.push(kind);
    }
  }
  return kinds;
}

async function kindsOf(file: string): Promise<ReadonlySet<NodeKind>> {
  const exported = Object.values(await load(file));
  const kinds = new Set(exported.flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isNodeKind));
  if (kinds.size > 0) return kinds;
  const got = exported.length === 0 ? 'nothing' : 'no node kind';
  throw new PluginError(`exports ${got}; expected an export made with defineNodeKind from "@tinyllm/executor".`, {
    file,
  });
}

async function load(file: string): Promise<Record<string, unknown>> {
  const path = resolve(file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new PluginError('no such file; check the path.', { file });
  if (found.isDirectory()) throw new PluginError('is a directory; expected a JavaScript module.', { file });
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new PluginError(failure(cause), { file, cause });
  }
}

function failure(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return 'has a file extension that Node.js cannot load; compile it to JavaScript.';
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return `cannot be loaded: ${reason.replace(/\s+/g, ' ')}`;
}

/** Checks the shape, because the node kind may come from another copy of the package. */
function isNodeKind(value: unknown): value is NodeKind {
  const { kind, shape, parse } = (value ?? {}) as Partial<Record<keyof NodeKind, unknown>>;
  return typeof kind === 'string' && Array.isArray(shape) && typeof parse === 'function';
}
