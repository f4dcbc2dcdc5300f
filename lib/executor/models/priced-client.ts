import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import type { EmbedRequest, ModelChunk, ModelClient, ModelRequest, ModelResponse, TokenUsage } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** What a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of input tokens that the provider read from its prompt cache; default: the price of other input. */
  readonly cachedInput?: number | undefined;
  /** Of input tokens that the provider wrote to its prompt cache; default: the price of other input. */
  readonly cacheWrite?: number | undefined;
}

/** What a {@link PricedClient} reckons with. */
export interface PricedClientOptions {
  /** Left out for a model whose price is not known: its requests are counted as such. */
  readonly price?: ModelPrice | undefined;
  /** Default the shared one. */
  readonly collector?: MetricsCollector | undefined;
}

const tokensPerPrice = 1_000_000;

/**
 * Tells what its client's answers cost, and adds it up.
 *
 * An answer that does not say how many tokens it took is counted as one without a price. What a failed try took is not
 * known, and not added.
 */
export class PricedClient extends WrappedClient {
  readonly #price: ModelPrice | undefined;
  readonly #collector: MetricsCollector;

  constructor(client: ModelClient, { price, collector }: PricedClientOptions) {
    super(client);
    this.#price = price;
    this.#collector = collector ?? getMetricsCollector();
    const { embed } = this;
    if (embed === undefined) return;
    this.embed = async (request) => {
      const response = await embed(request);
      this.#record(this.#costOf({ ...response.usage, outputTokens: 0 }), request);
      return response;
    };
  }

  async generate(request: ModelRequest): Promise<ModelResponse> {
    const response = await this.client.generate(request);
    const costUsd = this.#costOf(response.usage);
    this.#record(costUsd, request);
    return costUsd === undefined ? response : { ...response, costUsd };
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    let costUsd: number | undefined;
    let hasEnded = false;
    try {
      for await (const chunk of this.client.stream(request)) {
        costUsd = chunk.usage === undefined ? costUsd : this.#costOf(chunk.usage);
        hasEnded ||= chunk.finishReason !== undefined;
        yield chunk.usage === undefined || costUsd === undefined ? chunk : { ...chunk, costUsd };
      }
      hasEnded = true;
    } finally {
      // Tokens that a broken stream has told of are paid for all the same.
      if (hasEnded || costUsd !== undefined) this.#record(costUsd, request);
    }
  }

  #costOf(usage: TokenUsage): number | undefined {
    const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
    if (this.#price === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
    const { input, output, cachedInput = input, cacheWrite = input } = this.#price;
    // Cached tokens are part of the input; a server that states more of them than of input is not believed.
    const otherTokens = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
    const inputCost = otherTokens * input + cachedInputTokens * cachedInput + cacheWriteTokens * cacheWrite;
    return (inputCost + outputTokens * output) / tokensPerPrice;
  }

  #record(costUsd: number | undefined, { graph }: ModelRequest | EmbedRequest): void {
    const { model } = this;
    if (costUsd === undefined) this.#collector.incrementUnpricedRequests({ model });
    else this.#collector.recordCost({ costUsd, model, graph });
  }
}
