import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { providerFlags, readBaseUrl } from './provider.js';

/** The providers that have servers. */
const serverProviders = ['ollama', 'openai'] as const;

/** The flags that select a model server. */
export interface ModelServerOptions {
  readonly provider: (typeof serverProviders)[number];
  /** Default: the value of `OLLAMA_HOST` or `OPENAI_BASE_URL`. */
  readonly address: string | undefined;
}

/** Flags of the commands about the models of a server. */
export const modelServerFlags = {
  provider: {
    ...text,
    accepts: serverProviders,
    describe: 'Type of the server: ollama, or openai for any OpenAI-compatible server',
    defaultDescription: 'ollama; openai with --base-url',
  },
  host: { ...text, describe: 'Address of Ollama, in the format of OLLAMA_HOST', defaultDescription: 'OLLAMA_HOST' },
  ...providerFlags,
} as const;

/** Flags of the commands that only Ollama supports. */
export const ollamaServerFlags = {
  ...modelServerFlags,
  provider: {
    ...text,
    accepts: ['ollama'],
    describe: 'Type of the server; must be ollama',
    defaultDescription: 'ollama',
  },
  'base-url': {
    ...text,
    describe: 'URL of Ollama; needs --provider ollama',
    defaultDescription: 'OLLAMA_HOST',
  },
} as const;

/** Reads the selected server. Throws a `UsageError`. */
export function readModelServer(args: CommandArguments): ModelServerOptions {
  const host = args.text('host', 'an address such as 127.0.0.1:11434');
  const named = args.choice('provider', serverProviders);
  const baseUrl = readBaseUrl(args, named);
  const provider = named ?? (baseUrl === undefined ? 'ollama' : 'openai');
  if (host !== undefined && baseUrl !== undefined) {
    throw args.usageError('got both --host and --base-url, which set the same address; give only one of them.');
  }
  if (host !== undefined && provider === 'openai') {
    throw args.usageError('--host works only for Ollama; with --provider openai, use --base-url.');
  }
  return { provider, address: baseUrl ?? host };
}

/**
 * Reads the selected server, which must be Ollama. Throws a `UsageError`.
 *
 * @param purpose What only Ollama can do, for the error message.
 */
export function readOllamaServer(args: CommandArguments, purpose: string): ModelServerOptions {
  const server = readModelServer(args);
  if (server.provider === 'ollama') return server;
  throw args.usageError(`only Ollama ${purpose}; expected --provider ollama.`);
}
