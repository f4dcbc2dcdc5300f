import type { Problem } from 'tinyllm/configuration';
import { shownAddress } from 'tinyllm/configuration';
import type { ModelSettings } from './model-settings.js';
import { ollamaAddress } from './ollama/ollama-address.js';
import { openaiAddress } from './openai/openai-address.js';

/**
 * The address parser of each provider, and a description of valid addresses. A model with a `base_url` but without a
 * provider uses `openai`.
 */
const servers = {
  openai: { parse: openaiAddress, expected: 'an http:// or https:// URL such as http://127.0.0.1:8080/v1' },
  ollama: { parse: ollamaAddress, expected: 'a host, host:port or URL such as http://127.0.0.1:11434' },
} as const;

/**
 * Yields the problems of `base_url` in the models of a file. The path of a problem starts with the name of the model.
 */
export function* baseUrlProblems(models: Readonly<Record<string, ModelSettings>>): Generator<Problem> {
  for (const [name, { base_url: url, provider = 'openai' }] of Object.entries(models)) {
    if (url === undefined) continue;
    const path = [name, 'base_url'];
    if (provider !== 'openai' && provider !== 'ollama') {
      yield {
        path,
        message: `base_url is not supported by the provider ${provider}, which has no server; expected provider openai or ollama.`,
      };
    } else if (!isValid(url, servers[provider].parse)) {
      yield { path, message: `base_url is ${shownAddress(url)}; expected ${servers[provider].expected}.` };
    }
  }
}

function isValid(url: string, parse: (url: string) => unknown): boolean {
  try {
    parse(url);
    return true;
  } catch {
    return false;
  }
}
