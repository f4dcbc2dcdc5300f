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
import { type EpisodeKind, isEpisodeActive } from './episodes.js';
import { SimulatedClient, type Trouble, withPlannedAnswer } from './simulated-client.js';
import { simulatedGraph, simulatedModels } from './simulated-graph.js';
import type { PlannedRequest } from './traffic.js';

/** Options of a simulation. */
export interface SimulationOptions {
  /** A whole number that decides on the episodes. */
  readonly seed: number;
  /** Average requests per second. Determines the number of workers. */
  readonly rate: number;
  /** Returns the seconds since the start. */
  readonly clock: () => number;
}

/** The number of requests by outcome. */
export interface Outcomes {
  answered: number;
  failed: number;
  /** Rejected because the queue was full. */
  rejected: number;
  /** Cancelled because the caller stopped waiting. */
  cancelled: number;
}

/** Approximate mean duration of a request in seconds. At the average rate, half of the workers are busy. */
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
/** The model whose server restarts after an episode. */
const restarted: Partial<Record<EpisodeKind, Residency>> = { errors: small, outage: large };

/** Runs the real graph, queue, cache, conversations and circuit breakers with simulated models. */
export class Simulation {
  readonly outcomes: Outcomes = { answered: 0, failed: 0, rejected: 0, cancelled: 0 };
  readonly #executor: GraphExecutor;
  readonly #queue: InProcessQueue<unknown>;
  /** The temporary folder of conversations. */
  readonly #folder: string;
  readonly #close: () => Promise<void>;

  /** Opens a simulation. Throws a `GraphError` if the default graph of the package is invalid. */
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
        return new SimulatedClient({ model, latencyFactor: isLarge ? 2.5 : 1, trouble });
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

  /** Simulates loading the models into memory. */
  async loadModels(signal: AbortSignal): Promise<void> {
    await Promise.all([load(small, signal), load(large, signal)]);
  }

  /** Simulates a restart of the affected model server after an episode. Never rejects. */
  async restartAfter(kind: EpisodeKind, signal: AbortSignal): Promise<void> {
    const residency = restarted[kind];
    if (residency === undefined) return;
    getMetricsCollector().updateModelResidency({ model: residency.model, loaded: false });
    await load(residency, signal).catch(() => undefined);
  }

  /** Runs a planned request through the queue. Resolves when it has ended, also after a failure. */
  async ask(request: PlannedRequest): Promise<void> {
    const { priority, patienceSeconds, answer } = request;
    const caller = new AbortController();
    const patience =
      patienceSeconds === undefined ? undefined : setTimeout(() => caller.abort(), patienceSeconds * 1000);
    const work = (signal: AbortSignal): Promise<unknown> =>
      withPlannedAnswer(answer, () => this.#answer(request, signal));
    try {
      await this.#queue.add(work, { priority, signal: caller.signal });
      this.outcomes.answered += 1;
    } catch (error) {
      if (error instanceof QueueFullError) this.outcomes.rejected += 1;
      else if (caller.signal.aborted || error instanceof QueueClosedError) this.outcomes.cancelled += 1;
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

  /** Closes the simulation. Running requests may take `graceSeconds` to finish. */
  async close(graceSeconds: number): Promise<void> {
    await this.#queue.close({ graceSeconds });
    await this.#close();
  }
}

function troubleOf(isLarge: boolean, seed: number, seconds: number): Trouble {
  const normalRate = isLarge ? 0.02 : 0.01;
  const hasOutage = isLarge && isEpisodeActive('outage', seed, seconds);
  const hasErrors = !isLarge && isEpisodeActive('errors', seed, seconds);
  return {
    latencyFactor: isEpisodeActive('slow', seed, seconds) ? 3 : 1,
    failureRate: hasOutage ? 1 : hasErrors ? 0.8 : normalRate,
  };
}

async function load({ model, loadSeconds, bytes }: Residency, signal: AbortSignal): Promise<void> {
  const collector = getMetricsCollector();
  await collector.trackModelLoad({ model }, () => wait(loadSeconds, signal));
  collector.updateModelResidency({ model, loaded: true, memoryBytes: bytes, vramBytes: 0 });
}
