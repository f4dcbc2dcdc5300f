import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { recordCost } from 'tinyllm/recording';
import type { EmbedRequest, ModelChunk, ModelClient, ModelRequest, ModelResponse, TokenUsage } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** The price of a model, in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** The price of input tokens that the provider read from its prompt cache. Default: `input`. */
  readonly cachedInput?: number | undefined;
  /** The price of input tokens that the provider wrote to its prompt cache. Default: `input`. */
  readonly cacheWrite?: number | undefined;
}

/** Options of a {@link PricedClient}. */
export interface PricedClientOptions {
  /** Undefined if the price is unknown. The requests are then counted as unpriced. */
  readonly price?: ModelPrice | undefined;
  /** Default: the shared collector. */
  readonly collector?: MetricsCollector | undefined;
}

const tokensPerPrice = 1_000_000;

/**
 * Adds the cost to each answer of its client, and records it in the metrics.
 *
 * An answer without token counts is counted as unpriced. The cost of failed attempts is unknown and not included.
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
      // A stream that broke off still costs the tokens it reported.
      if (hasEnded || costUsd !== undefined) this.#record(costUsd, request);
    }
  }

  #costOf(usage: TokenUsage): number | undefined {
    const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
    if (this.#price === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
    const { input, output, cachedInput = input, cacheWrite = input } = this.#price;
    // Cached tokens are part of the input tokens. Invalid counts must not make the rest negative.
    const otherTokens = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
    const inputCost = otherTokens * input + cachedInputTokens * cachedInput + cacheWriteTokens * cacheWrite;
    return (inputCost + outputTokens * output) / tokensPerPrice;
  }

  #record(costUsd: number | undefined, { graph }: ModelRequest | EmbedRequest): void {
    const { model, provider } = this;
    recordCost(this.#collector, { costUsd, model, graph, labels: { provider } });
  }
}
