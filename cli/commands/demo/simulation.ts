import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CachedClient,
  Conversation,
  connectModels,
  EmbeddedClient,
  GraphExecutor,
  ResponseCache,
} from '@tinyllm/executor';
import { InProcessQueue, QueueClosedError, QueueFullError, wait } from '@tinyllm/resilience';
import { getMetricsCollector } from 'tinyllm';
import { type EpisodeKind, isAmid } from './episodes.js';
import { answeringAs, SimulatedClient, type Trouble } from './simulated-client.js';
import { simulatedGraph, simulatedModels } from './simulated-graph.js';
import type { PlannedRequest } from './traffic.js';

/** What a simulation is made of. */
export interface SimulationOptions {
  /** A whole number; decides when what goes wrong. */
  readonly seed: number;
  /** Requests a second, to which the number of workers is fitted. */
  readonly rate: number;
  /** Seconds since the start. */
  readonly clock: () => number;
}

/** How many requests ended how. */
export interface Outcomes {
  answered: number;
  failed: number;
  /** Turned away, since the queue was full. */
  rejected: number;
  /** The caller did not wait for the answer. */
  left: number;
}

/** Seconds a request takes on the mean, about; half of the workers are busy then. */
const meanSeconds = 0.9;

interface Parts {
  readonly executor: GraphExecutor;
  readonly queue: InProcessQueue<unknown>;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

interface Residency {
  readonly model: string;
  readonly loadSeconds: number;
  readonly bytes: number;
}

const small: Residency = { model: simulatedModels.small, loadSeconds: 0.3, bytes: 0.6e9 };
const large: Residency = { model: simulatedModels.large, loadSeconds: 0.6, bytes: 4.7e9 };
/** Whose server is started again when something has gone wrong. */
const restarted: Partial<Record<EpisodeKind, Residency>> = { errors: small, outage: large };

/** The real graph, queue, cache, conversations and circuit breakers, over models that are simulated. */
export class Simulation {
  readonly outcomes: Outcomes = { answered: 0, failed: 0, rejected: 0, left: 0 };
  readonly #executor: GraphExecutor;
  readonly #queue: InProcessQueue<unknown>;
  /** Where conversations are kept while it lasts. */
  readonly #folder: string;
  readonly #close: () => Promise<void>;

  /** Opens a simulation. Throws a `GraphError` when the package has come apart. */
  static async open({ seed, rate, clock }: SimulationOptions): Promise<Simulation> {
    const graph = await simulatedGraph();
    const cache = new ResponseCache({ ttlSeconds: graph.cache?.ttl });
    const models = await connectModels({
      models: graph.models,
      cache: (client, scope) => (client.provider === 'embedded' ? client : new CachedClient(client, { cache, scope })),
      select: async ({ model = '' } = {}) => {
        if (!Object.values<string>(simulatedModels).includes(model)) return new EmbeddedClient();
        const isLarge = model === simulatedModels.large;
        const trouble = (): Trouble => troubleOf(isLarge, seed, clock());
        return new SimulatedClient({ model, slowness: isLarge ? 2.5 : 1, trouble });
      },
    });
    const workers = Math.max(2, Math.ceil(rate * meanSeconds * 2));
    const queue = await InProcessQueue.open<unknown>({ workers, capacity: workers * 2 });
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-demo-'));
    const close = async (): Promise<void> => {
      await models.close();
      await cache.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    };
    const executor = new GraphExecutor(graph, { model: models.default, models });
    return new Simulation({ executor, queue, folder, close });
  }

  private constructor({ executor, queue, folder, close }: Parts) {
    this.#executor = executor;
    this.#queue = queue;
    this.#folder = folder;
    this.#close = close;
  }

  /** Brings the simulated models into memory, as it were. */
  async loadModels(signal: AbortSignal): Promise<void> {
    await Promise.all([load(small, signal), load(large, signal)]);
  }

  /** Has the server of the model that was in trouble start again, as somebody would who was woken; never rejects. */
  async restartAfter(kind: EpisodeKind, signal: AbortSignal): Promise<void> {
    const residency = restarted[kind];
    if (residency === undefined) return;
    getMetricsCollector().updateModelResidency({ model: residency.model, loaded: false });
    await load(residency, signal).catch(() => undefined);
  }

  /** Asks what was planned, through the queue; resolves when it has ended, however that was. */
  async ask(request: PlannedRequest): Promise<void> {
    const { priority, patienceSeconds, answer } = request;
    const caller = new AbortController();
    const patience =
      patienceSeconds === undefined ? undefined : setTimeout(() => caller.abort(), patienceSeconds * 1000);
    const work = (signal: AbortSignal): Promise<unknown> => answeringAs(answer, () => this.#answer(request, signal));
    try {
      await this.#queue.add(work, { priority, signal: caller.signal });
      this.outcomes.answered += 1;
    } catch (error) {
      if (error instanceof QueueFullError) this.outcomes.rejected += 1;
      else if (caller.signal.aborted || error instanceof QueueClosedError) this.outcomes.left += 1;
      else this.outcomes.failed += 1;
    } finally {
      clearTimeout(patience);
    }
  }

  async #answer({ question, session, isStreamed }: PlannedRequest, signal: AbortSignal): Promise<void> {
    const conversation = session === undefined ? undefined : new Conversation({ session, folder: this.#folder });
    try {
      const history = await conversation?.recall();
      const { answer } = await this.#executor.execute(question, {
        signal,
        ...(history === undefined ? {} : { history }),
        ...(isStreamed ? { onText: () => undefined } : {}),
      });
      await conversation?.remember(question, answer);
    } finally {
      await conversation?.close();
    }
  }

  /** Ends it; what has started may go on for so many seconds. */
  async close(graceSeconds: number): Promise<void> {
    await this.#queue.close({ graceSeconds });
    await this.#close();
  }
}

function troubleOf(isLarge: boolean, seed: number, seconds: number): Trouble {
  const usually = isLarge ? 0.02 : 0.01;
  const isOut = isLarge && isAmid('outage', seed, seconds);
  const errs = !isLarge && isAmid('errors', seed, seconds);
  return { slowness: isAmid('slow', seed, seconds) ? 3 : 1, failing: isOut ? 1 : errs ? 0.8 : usually };
}

async function load({ model, loadSeconds, bytes }: Residency, signal: AbortSignal): Promise<void> {
  const collector = getMetricsCollector();
  await collector.trackModelLoad({ model }, () => wait(loadSeconds, signal));
  collector.updateModelResidency({ model, loaded: true, memoryBytes: bytes, vramBytes: 0 });
}
