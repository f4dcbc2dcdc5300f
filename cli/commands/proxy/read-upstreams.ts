import { type ResidentModel, readOllamaResidency } from '@tinyllm/executor/servers';

/**
 * Which models some servers hold in memory, those that are not Ollama left out. None can send the question elsewhere.
 *
 * Of a model that several hold the bytes are added up.
 */
export async function readUpstreams(urls: readonly string[], signal: AbortSignal): Promise<readonly ResidentModel[]> {
  const held = new Map<string, ResidentModel>();
  const all = await Promise.all(
    urls.map((host) => readOllamaResidency({ host, signal, redirect: 'error' }).catch(() => [])),
  );
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
