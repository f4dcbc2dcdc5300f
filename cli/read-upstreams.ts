import { type ResidentModel, readOllamaResidency } from '../lib/models/ollama-residency.js';

/** How long an upstream may take to say which models it holds in memory, in milliseconds. */
const answerWithin = 2000;

/**
 * Which models some servers hold in memory, those that are not Ollama left out.
 *
 * Of a model that several hold the bytes are added up.
 */
export async function readUpstreams(urls: readonly string[], signal: AbortSignal): Promise<readonly ResidentModel[]> {
  const held = new Map<string, ResidentModel>();
  const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]);
  const all = await Promise.all(urls.map((host) => readOllamaResidency({ host, signal: within }).catch(() => [])));
  for (const model of all.flat()) {
    const { memoryBytes = 0, vramBytes = 0 } = held.get(model.model) ?? {};
    held.set(model.model, {
      ...model,
      memoryBytes: model.memoryBytes + memoryBytes,
      vramBytes: model.vramBytes + vramBytes,
    });
  }
  return [...held.values()];
}
