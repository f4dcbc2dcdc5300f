import { TrackGraph, TrackNode, TrackRequest } from 'tinyllm';
import { type Counts, noCounts } from './counts.js';

const graph = 'soak';
const tokensOfAnswer = 3;

class Model {
  constructor(private readonly counts: Counts) {}

  @TrackRequest({ model: 'stand-in', graph })
  async generate() {
    this.counts.requests++;
    this.counts.tokens += tokensOfAnswer;
    return { text: 'an answer', usage: { inputTokens: 2, outputTokens: tokensOfAnswer } };
  }

  @TrackRequest({ model: 'stand-in', graph, requestType: 'stream' })
  async *stream() {
    this.counts.requests++;
    for (const text of ['an ', 'answer ', 'in ', 'pieces']) yield { text };
    this.counts.tokens += tokensOfAnswer;
    yield { text: '', usage: { outputTokens: tokensOfAnswer } };
  }
}

/** Does a little of everything the decorators measure, and counts it by hand. */
export class Executor {
  readonly counts: Counts = { ...noCounts };
  readonly #model = new Model(this.counts);
  #rounds = 0;

  /** One round; every tenth is left by its caller, and every twentieth of its nodes fails. */
  @TrackGraph({ graph })
  async round(): Promise<void> {
    this.counts.graphs++;
    const round = this.#rounds++;
    await this.node(round);
    if (round % 20 === 0) await this.failing().catch(() => undefined);
    await this.#model.generate();
    for await (const { text } of this.#model.stream()) {
      if (round % 10 !== 0 || text !== 'answer ') continue;
      this.counts.cancelled++;
      break;
    }
  }

  /** A label that never stops growing, which the cap has to hold. */
  @TrackNode({ graph, node: (_self, [round]) => `node-${round}` })
  async node(_round: number): Promise<void> {
    this.counts.nodes++;
  }

  @TrackNode({ graph, node: 'failing' })
  async failing(): Promise<void> {
    this.counts.nodes++;
    this.counts.nodeErrors++;
    throw new RangeError('as it is meant to');
  }
}
