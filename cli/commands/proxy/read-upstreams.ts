import { type ResidentModel, readOllamaResidency } from '@tinyllm/executor/servers';
import type { UpstreamContact } from '@tinyllm/proxy';
import { ModelError, ModelProtocolError } from 'tinyllm/recording';

/** Which servers to ask, and how. */
export interface ReadUpstreamsOptions {
  /** Origins. */
  readonly urls: readonly string[];
  readonly signal: AbortSignal;
  /** The key that the servers expect in `Authorization: Bearer`; default none. */
  readonly apiKey?: string | undefined;
  /** Called for each server with what the request showed of it. */
  readonly onContact?: (url: string, contact: UpstreamContact) => void;
}

/**
 * Which models some servers hold in memory, those that are not Ollama left out. None can send the question elsewhere.
 *
 * Of a model that several hold the bytes are added up.
 */
export async function readUpstreams(options: ReadUpstreamsOptions): Promise<readonly ResidentModel[]> {
  const { urls, signal, apiKey, onContact } = options;
  const held = new Map<string, ResidentModel>();
  const read = async (host: string): Promise<readonly ResidentModel[]> => {
    try {
      const models = await readOllamaResidency({ host, signal, apiKey, redirect: 'error' });
      onContact?.(host, 'answered');
      return models;
    } catch (error) {
      onContact?.(host, contactOf(error, signal));
      return [];
    }
  };
  for (const model of (await Promise.all(urls.map(read))).flat()) {
    const { memoryBytes = 0, vramBytes = 0 } = held.get(model.model) ?? {};
    held.set(model.model, {
      ...model,
      memoryBytes: model.memoryBytes + memoryBytes,
      vramBytes: model.vramBytes + vramBytes,
    });
  }
  return [...held.values()];
}

/** A server that is not Ollama answers too, with an error of its own. */
function contactOf(error: unknown, signal: AbortSignal): UpstreamContact {
  // Not `timeout`, which is that of a connection.
  if (signal.aborted) return 'broken';
  if (!(error instanceof ModelError)) return 'answered';
  if (error.status !== undefined) return [502, 503, 504].includes(error.status) ? 'unavailable' : 'answered';
  if (!hasCode(error)) return 'answered';
  return error instanceof ModelProtocolError ? 'broken' : 'unreachable';
}

/** Whether an error, or one of its next causes, is one of the network, which has a code. */
function hasCode(error: unknown, depth = 0): boolean {
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown };
  return typeof code === 'string' || (cause !== undefined && depth < 5 && hasCode(cause, depth + 1));
}
