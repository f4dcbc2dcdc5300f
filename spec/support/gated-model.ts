import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from '../../lib/executor/models/model-client.js';

const usage = { inputTokens: 7, outputTokens: 3 };

/** A model client for specs. It yields one word immediately, and the rest after `open` is called. */
export class GatedModel implements ModelClient {
  readonly provider = 'stub';
  readonly model = 'gated-1';
  /** The numbers of all requests, of active requests and of aborted requests. */
  readonly counts = { asked: 0, active: 0, aborted: 0 };
  /** Lets all current and future requests continue. */
  readonly open: () => void;
  readonly #opened: Promise<void>;

  constructor() {
    let open = (): void => undefined;
    this.#opened = new Promise((resolve) => {
      open = resolve;
    });
    this.open = () => open();
  }

  async generate(request: ModelRequest): Promise<ModelResponse> {
    let text = '';
    for await (const chunk of this.stream(request)) text += chunk.text;
    return { text, model: this.model, finishReason: 'stop', usage, timings: {} };
  }

  async *stream({ signal }: ModelRequest): AsyncGenerator<ModelChunk> {
    this.counts.asked++;
    this.counts.active++;
    try {
      yield { text: 'first ' };
      await Promise.race([this.#opened, aborted(signal)]);
      yield { text: 'second' };
      yield { text: '', finishReason: 'stop', usage };
    } catch (error) {
      this.counts.aborted++;
      throw error;
    } finally {
      this.counts.active--;
    }
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
