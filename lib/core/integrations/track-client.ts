import { trackMethod } from '../decorators/track.js';
import { requestCalls } from '../decorators/track-request.js';
import { wrapMethod } from '../decorators/wrap-method.js';
import type { LabelOption, TrackRequestOptions } from '../recording/call-options.js';
import type { IntegrationOptions } from '../recording/request-calls.js';

/** A method of a client, by its path, and the type of its requests. */
export interface ModelMethod {
  readonly path: readonly string[];
  readonly requestType: 'generate' | 'embed';
}

/** A kind of client. */
export interface ModelClient {
  /** The value of the label `provider`. */
  readonly provider: string;
  /** The methods that call a model. */
  readonly methods: readonly ModelMethod[];
}

/** The `ollama` client. */
export const ollamaClient: ModelClient = {
  provider: 'ollama',
  methods: [
    { path: ['chat'], requestType: 'generate' },
    { path: ['generate'], requestType: 'generate' },
    { path: ['embed'], requestType: 'embed' },
    { path: ['embeddings'], requestType: 'embed' },
  ],
};

/** The `openai` client. The client's helpers use these methods too. */
export const openaiClient: ModelClient = {
  provider: 'openai',
  methods: [
    { path: ['chat', 'completions', 'create'], requestType: 'generate' },
    { path: ['completions', 'create'], requestType: 'generate' },
    { path: ['responses', 'create'], requestType: 'generate' },
    { path: ['embeddings', 'create'], requestType: 'embed' },
  ],
};

/** The `@anthropic-ai/sdk` client. `messages.stream` uses these methods too. */
export const anthropicClient: ModelClient = {
  provider: 'anthropic',
  methods: [
    { path: ['messages', 'create'], requestType: 'generate' },
    { path: ['beta', 'messages', 'create'], requestType: 'generate' },
  ],
};

/** Whether the object is a client of `@anthropic-ai/sdk`, or of a package for Anthropic's models at another provider. */
export function isAnthropicClient(client: object): boolean {
  return ['create', 'stream'].every((method) => methodAt(client, ['messages', method]) !== undefined);
}

/** Whether the object has the method `chat.completions.create`, as the clients of the `openai` package have. */
export function isOpenAIClient(client: object): boolean {
  return methodAt(client, ['chat', 'completions', 'create']) !== undefined;
}

/** Whether the object is a client of the `ollama` package. */
export function isOllamaClient(client: object): boolean {
  return ollamaClient.methods.slice(0, 2).every(({ path }) => methodAt(client, path) !== undefined);
}

/** Tracks some methods of a client by replacing them on the client. */
export function trackClient(
  client: object,
  { provider, methods }: ModelClient,
  { graph, labels = {}, classifyError }: IntegrationOptions,
): void {
  const ofClient = (option: LabelOption | undefined): LabelOption | undefined =>
    typeof option === 'function' ? (_self, args) => option(client, args) : option;
  for (const { path, requestType } of methods) {
    const options: TrackRequestOptions = {
      classifyError,
      graph: ofClient(graph),
      labels: {
        provider,
        ...Object.fromEntries(Object.entries(labels).map(([name, option]) => [name, ofClient(option)])),
      },
      model: (_self, [request]) => request?.model ?? null,
      requestType:
        requestType === 'generate' ? (_self, [request]) => (request?.stream ? 'stream' : 'generate') : requestType,
    };
    const owner = path.slice(0, -1).reduce<unknown>((object, key) => Object(object)[key], client);
    const key = path.at(-1) as string;
    const method = methodAt(client, path);
    if (method === undefined) continue;
    const tracking = { options, name: '', caller: 'instrumentModel' };
    const value = wrapMethod(method, (original) => trackMethod(original, requestCalls, tracking));
    Object.defineProperty(owner as object, key, { value, configurable: true, writable: true });
  }
}

function methodAt(client: unknown, path: readonly string[]): ((...args: never[]) => unknown) | undefined {
  const value = path.reduce<unknown>((object, key) => Object(object)[key], client);
  return typeof value === 'function' ? (value as () => unknown) : undefined;
}
