import { text } from '../command/common-flags.js';
import type { Given } from '../command/given.js';
import { providerFlags, readBaseUrl } from './provider.js';

/** The providers that have servers. */
const serverProviders = ['ollama', 'openai'] as const;

/** A server of models, as flags say it. */
export interface ModelServerOptions {
  readonly provider: (typeof serverProviders)[number];
  /** Default what `OLLAMA_HOST` or `OPENAI_BASE_URL` says. */
  readonly address: string | undefined;
}

/** Flags of the commands that ask a server about its models. */
export const modelServerFlags = {
  provider: {
    ...text,
    accepts: serverProviders,
    describe: 'Whose server: ollama or openai, for any OpenAI-compatible one',
    defaultDescription: 'ollama; openai with --base-url',
  },
  host: { ...text, describe: 'Where Ollama is, as in OLLAMA_HOST', defaultDescription: 'OLLAMA_HOST' },
  ...providerFlags,
} as const;

/** Reads which server to ask. Throws a `UsageError`. */
export function readModelServer(given: Given): ModelServerOptions {
  const host = given.text('host', 'an address such as 127.0.0.1:11434');
  const named = given.choice('provider', serverProviders);
  const baseUrl = readBaseUrl(given, named);
  const provider = named ?? (baseUrl === undefined ? 'ollama' : 'openai');
  if (host !== undefined && baseUrl !== undefined) {
    throw given.wrong('--host and --base-url both say where the server is; give one of them.');
  }
  if (host !== undefined && provider === 'openai') {
    throw given.wrong('--host is for Ollama; expected --base-url with --provider openai.');
  }
  return { provider, address: baseUrl ?? host };
}

/** Reads the Ollama server to ask, for what no other server does. Throws a `UsageError`. */
export function readOllamaServer(given: Given, purpose: string): ModelServerOptions {
  const server = readModelServer(given);
  if (server.provider === 'ollama') return server;
  throw given.wrong(`only Ollama ${purpose}; expected --provider ollama.`);
}
