import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from '../../lib/executor/models/model-client.js';

/** The result of one call: a text, an error, pieces and then an error, or nothing until the call is aborted. */
export type Step = string | Error | { readonly pieces: readonly string[]; readonly error: Error } | 'never';

const usage = { inputTokens: 7, outputTokens: 3 };

/** A model client for specs. Each call takes the next step of the script. The last step is repeated. */
export class ScriptedModel implements ModelClient {
  readonly provider: string;
  readonly requests: ModelRequest[] = [];
  closed = 0;

  constructor(
    readonly model: string,
    readonly script: readonly Step[] = ['an answer'],
    { provider = 'stub' }: { readonly provider?: string } = {},
  ) {
    this.provider = provider;
  }

  async generate(request: ModelRequest): Promise<ModelResponse> {
    let text = '';
    for await (const chunk of this.stream(request)) text += chunk.text;
    return { text, model: this.model, finishReason: 'stop', usage, timings: {} };
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk> {
    this.requests.push(request);
    const step = this.script[Math.min(this.requests.length, this.script.length) - 1] ?? '';
    if (step === 'never') await aborted(request.signal);
    if (step instanceof Error) throw step;
    const pieces = typeof step === 'string' ? step.split(/(?<= )/) : step.pieces;
    for (const text of pieces) yield { text };
    if (typeof step !== 'string') throw step.error;
    yield { text: '', finishReason: 'stop', usage };
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The texts of a stream, one per chunk. If the stream fails, the error is the last item. */
export async function piecesOf(chunks: AsyncIterable<ModelChunk>): Promise<readonly unknown[]> {
  const pieces: unknown[] = [];
  try {
    for await (const { text } of chunks) if (text !== '') pieces.push(text);
  } catch (error) {
    pieces.push(error);
  }
  return pieces;
}
