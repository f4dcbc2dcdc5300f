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

/** Makes one call of each kind that the decorators measure, and counts the calls by hand. */
export class Executor {
  readonly counts: Counts = { ...noCounts };
  readonly #model = new Model(this.counts);
  #rounds = 0;

  /** Runs one round. In every tenth round, the reader leaves the stream. In every twentieth round, a node fails. */
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

  /** The label has a new value in each round, so that the metric reaches its limit on label sets. */
  @TrackNode({ graph, node: (_self, [round]) => `node-${round}` })
  async node(_round: number): Promise<void> {
    this.counts.nodes++;
  }

  @TrackNode({ graph, node: 'failing' })
  async failing(): Promise<void> {
    this.counts.nodes++;
    this.counts.nodeErrors++;
    throw new RangeError('This node always fails.');
  }
}
