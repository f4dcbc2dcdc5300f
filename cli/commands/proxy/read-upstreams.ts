import { type ResidentModel, readOllamaResidency } from '@tinyllm/executor/servers';
import type { UpstreamContact } from '@tinyllm/proxy';
import { ModelError, ModelProtocolError } from 'tinyllm/recording';

/** The servers to poll. */
export interface ReadUpstreamsOptions {
  /** The origins of the servers. */
  readonly urls: readonly string[];
  readonly signal: AbortSignal;
  /** The key that the servers expect in `Authorization: Bearer`; default none. */
  readonly apiKey?: string | undefined;
  /** Called for each server with the result of the request. */
  readonly onContact?: (url: string, contact: UpstreamContact) => void;
}

/**
 * Reads the loaded models of several servers. Ignores servers that are not Ollama. Doesn't follow redirects.
 *
 * Adds up the bytes of a model that is loaded on several servers.
 */
export async function readUpstreams(options: ReadUpstreamsOptions): Promise<readonly ResidentModel[]> {
  const { urls, signal, apiKey, onContact } = options;
  const totals = new Map<string, ResidentModel>();
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
    const { memoryBytes = 0, vramBytes = 0 } = totals.get(model.model) ?? {};
    totals.set(model.model, {
      ...model,
      memoryBytes: model.memoryBytes + memoryBytes,
      vramBytes: model.vramBytes + vramBytes,
    });
  }
  return [...totals.values()];
}

/** A server that is not Ollama counts as responding, even if it returns an error other than 502, 503 or 504. */
function contactOf(error: unknown, signal: AbortSignal): UpstreamContact {
  // An aborted read is `broken`, not `timeout`: `timeout` means that the upstream did not accept a connection in time.
  if (signal.aborted) return 'broken';
  if (!(error instanceof ModelError)) return 'answered';
  if (error.status !== undefined) return [502, 503, 504].includes(error.status) ? 'unavailable' : 'answered';
  if (!hasCode(error)) return 'answered';
  return error instanceof ModelProtocolError ? 'broken' : 'unreachable';
}

/** Whether an error or one of its causes is a network error. These have a `code`. */
function hasCode(error: unknown, depth = 0): boolean {
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown };
  return typeof code === 'string' || (cause !== undefined && depth < 5 && hasCode(cause, depth + 1));
}
