import type { ResidentModel } from './ollama/ollama-models.js';
import { OllamaServer } from './ollama/ollama-server.js';

export type { ResidentModel };

/** Whom to ask, and until when. */
export interface OllamaResidencyOptions {
  /** In any form `OLLAMA_HOST` may have; default: that variable, or http://127.0.0.1:11434. */
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** `error` takes a redirection for no answer; default `follow`. */
  readonly redirect?: 'error' | 'follow';
  /** A key to send in `Authorization: Bearer`; default none. */
  readonly apiKey?: string | undefined;
}

/**
 * Which models an Ollama server holds in memory now, with the bytes they take.
 *
 * @throws {ModelUnavailableError} when no server answers; {ModelProtocolError} when it is not Ollama.
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
