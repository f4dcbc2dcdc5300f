import type { ResidentModel } from './ollama/ollama-models.js';
import { OllamaServer } from './ollama/ollama-server.js';

export type { ResidentModel };

/** Options of {@link readOllamaResidency}. */
export interface OllamaResidencyOptions {
  /** The address of the server, in any format of `OLLAMA_HOST`. Default: that variable, or http://127.0.0.1:11434. */
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** `error` treats a redirect as an error. Default: `follow`. */
  readonly redirect?: 'error' | 'follow';
  /** The key for `Authorization: Bearer`. Default: none. */
  readonly apiKey?: string | undefined;
}

/**
 * Returns the models that are loaded in an Ollama server, with their memory use in bytes.
 *
 * @throws {ModelUnavailableError} if the server does not respond.
 * @throws {ModelProtocolError} if the server is not Ollama.
 */
export function readOllamaResidency({
  host = process.env.OLLAMA_HOST ?? '',
  signal,
  redirect,
  apiKey,
}: OllamaResidencyOptions = {}): Promise<readonly ResidentModel[]> {
  const headers = apiKey === undefined ? undefined : { Authorization: `Bearer ${apiKey}` };
  return new OllamaServer(host).residentModels({ signal, redirect, headers });
}
