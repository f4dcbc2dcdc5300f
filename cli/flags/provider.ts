import { shownAddress } from 'tinyllm/configuration';
import { text } from '../command/common-flags.js';
import type { Given } from '../command/given.js';

const example = 'http://127.0.0.1:8080/v1';

/** Flags that say where the model's server is. */
export const providerFlags = {
  'base-url': {
    ...text,
    describe: `Where the server is: an OpenAI-compatible one such as ${example}, or with --provider ollama Ollama`,
    defaultDescription: 'OPENAI_BASE_URL or OLLAMA_HOST',
  },
} as const;

/**
 * Reads where the model's server is; without a provider it is an OpenAI-compatible one. Throws a `UsageError`.
 *
 * @param provider Who is to answer, as far as that was said.
 */
export function readBaseUrl(given: Given, provider: string | undefined): string | undefined {
  const url = given.text('base-url', `a URL such as ${example}`);
  if (url === undefined) return undefined;
  if (provider !== undefined && provider !== 'openai' && provider !== 'ollama') {
    throw given.wrong(`--base-url is for a server, and ${provider} has none; expected --provider openai or ollama.`);
  }
  // An Ollama server's address may be written as in OLLAMA_HOST, and is read where that is.
  if (provider === 'ollama' || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url;
  throw given.wrong(`--base-url got ${shownAddress(url)}; expected an http:// or https:// URL such as ${example}.`);
}
