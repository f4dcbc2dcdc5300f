import { shownAddress } from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';

const example = 'http://127.0.0.1:8080/v1';

/** The flag with the URL of the model server. */
export const providerFlags = {
  'base-url': {
    ...text,
    describe: `URL of an OpenAI-compatible server, such as ${example}, or of Ollama with --provider ollama`,
    defaultDescription: 'OPENAI_BASE_URL or OLLAMA_HOST',
  },
} as const;

/**
 * Reads the URL of the model server. Throws a `UsageError`.
 *
 * @param provider The value of `--provider`. Undefined means an OpenAI-compatible server.
 */
export function readBaseUrl(args: CommandArguments, provider: string | undefined): string | undefined {
  const url = args.text('base-url', `a URL such as ${example}`);
  if (url === undefined) return undefined;
  if (provider !== undefined && provider !== 'openai' && provider !== 'ollama') {
    throw args.usageError(
      `--base-url cannot be combined with --provider ${provider}, which has no server; expected --provider openai or ollama.`,
    );
  }
  // The address of Ollama may have the format of OLLAMA_HOST. It is checked later, like OLLAMA_HOST.
  if (provider === 'ollama' || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url;
  throw args.usageError(`--base-url got ${shownAddress(url)}; expected an http:// or https:// URL such as ${example}.`);
}
