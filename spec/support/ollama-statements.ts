import type { RelayedExchange } from './recording-relay.js';

/** The facts that Ollama states about one request in its response. */
export interface OllamaStatement {
  readonly model: string;
  /** The type of the request. */
  readonly requestType: 'generate' | 'stream' | 'embed';
  /** Ollama's own finish reason, such as `load` or `end_turn`. Undefined for embeddings. */
  readonly reason?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** In seconds. */
  readonly loadSeconds?: number | undefined;
  /** The error and its status. */
  readonly error?: string | undefined;
  /** Whether the client left before the end. */
  readonly isCut: boolean;
}

/** A part of a response, of any of Ollama's APIs. */
interface Part {
  readonly type?: string;
  readonly done_reason?: string;
  readonly load_duration?: number;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
  readonly choices?: readonly { readonly finish_reason?: string | null }[];
  readonly stop_reason?: string;
  readonly delta?: { readonly stop_reason?: string };
  readonly status?: string;
  readonly response?: Part | string;
  readonly usage?: Readonly<Record<string, number | undefined>>;
}

/**
 * Reads what Ollama states.
 *
 * Only the final part of a stream states the counts. Earlier parts have none, zeros (`/v1/completions`) or an estimate
 * (`/v1/messages`).
 */
export function statementIn({ path, request, status, response, isWhole }: RelayedExchange): OllamaStatement {
  const asked = JSON.parse(request) as { readonly model: string; readonly stream?: boolean };
  const { model, stream = path === '/api/chat' || path === '/api/generate' } = asked;
  const requestType = /embed/.test(path) ? 'embed' : stream ? 'stream' : 'generate';
  const parts = partsOf(response);
  const reason = parts.map(reasonIn).findLast((stated) => typeof stated === 'string');
  // A client may leave after the final part without waiting for the end of the body.
  const head = { model, requestType, reason, isCut: !isWhole && reason === undefined } as const;
  if (head.isCut) return head;
  if (status >= 400) return { ...head, error: `${status} ${response}` };
  if (path.startsWith('/api/')) {
    const { prompt_eval_count, eval_count, load_duration } = parts.at(-1) ?? {};
    const loadSeconds = load_duration === undefined ? undefined : load_duration / 1e9;
    return { ...head, inputTokens: prompt_eval_count, outputTokens: eval_count, loadSeconds };
  }
  const usage = parts.findLast((part) => part.usage !== undefined)?.usage;
  return {
    ...head,
    inputTokens: usage?.prompt_tokens ?? usage?.input_tokens,
    outputTokens: usage?.completion_tokens ?? usage?.output_tokens,
  };
}

function reasonIn({ done_reason, choices, stop_reason, delta, status }: Part): string | null | undefined {
  if (status === 'in_progress') return undefined;
  return done_reason ?? choices?.[0]?.finish_reason ?? stop_reason ?? delta?.stop_reason ?? status;
}

/**
 * The objects in a JSON body, JSON lines or server-sent events. An event with a `response` is replaced by the response.
 */
function partsOf(body: string): readonly Part[] {
  return body
    .split('\n')
    .map((line) => line.replace(/^data: /, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Part)
    .map((part) => (typeof part.response === 'object' ? part.response : part));
}
