import { readOllamaResidency } from '@tinyllm/executor/servers';
import { getMetricsCollector } from 'tinyllm';

/** How long Ollama may take to say which models it holds in memory, in milliseconds. */
const answerWithin = 500;

/**
 * Records once which models Ollama holds in memory; a server that does not say fails nothing.
 *
 * @param host In any form `OLLAMA_HOST` may have; default that variable.
 */
export async function recordResidency(host: string | undefined): Promise<void> {
  const collector = getMetricsCollector();
  const asked = readOllamaResidency({
    ...(host === undefined ? {} : { host }),
    signal: AbortSignal.timeout(answerWithin),
  });
  for (const model of await asked.catch(() => [])) collector.updateModelResidency({ ...model, loaded: true });
}
