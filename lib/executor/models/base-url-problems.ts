import type { Problem } from 'tinyllm/configuration';
import { shownAddress } from 'tinyllm/configuration';
import type { ModelSettings } from './model-settings.js';
import { ollamaAddress } from './ollama/ollama-address.js';
import { openaiAddress } from './openai/openai-address.js';

/** Who reads an address, and what is expected of it; without a provider it is an OpenAI-compatible server's. */
const servers = {
  openai: { read: openaiAddress, expected: 'an http:// or https:// URL such as http://127.0.0.1:8080/v1' },
  ollama: { read: ollamaAddress, expected: 'a host, host:port or URL such as http://127.0.0.1:11434' },
} as const;

/** What is wrong with the addresses of a file's models, path by path from the map that holds them. */
export function* baseUrlProblems(models: Readonly<Record<string, ModelSettings>>): Generator<Problem> {
  for (const [name, { base_url: url, provider = 'openai' }] of Object.entries(models)) {
    if (url === undefined) continue;
    const path = [name, 'base_url'];
    if (provider !== 'openai' && provider !== 'ollama') {
      yield {
        path,
        message: `base_url is for a server, and ${provider} has none; expected provider openai or ollama.`,
      };
    } else if (!isRead(url, servers[provider].read)) {
      yield { path, message: `base_url is ${shownAddress(url)}; expected ${servers[provider].expected}.` };
    }
  }
}

function isRead(url: string, read: (url: string) => unknown): boolean {
  try {
    read(url);
    return true;
  } catch {
    return false;
  }
}
