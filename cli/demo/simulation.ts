import { QueueClosedError, QueueFullError } from '../../lib/errors.js';
import { GraphExecutor } from '../../lib/graph/executor.js';
import { CachedClient } from '../../lib/models/cached-client.js';
import { connectModels } from '../../lib/models/connect-models.js';
import { EmbeddedClient } from '../../lib/models/embedded-client.js';
import { InProcessQueue } from '../../lib/queue/in-process-queue.js';
import { wait } from '../../lib/resilience/wait.js';
import { getMetricsCollector } from '../../lib/shared-collector.js';
import { ResponseCache } from '../../lib/stores/response-cache.js';
import { isAmid } from './episodes.js';
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

/** The real graph, queue, cache and circuit breakers, over models that are simulated. */
export class Simulation {
  readonly outcomes: Outcomes = { answered: 0, failed: 0, rejected: 0, left: 0 };
  readonly #executor: GraphExecutor;
  readonly #queue: InProcessQueue<unknown>;
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
    const close = async (): Promise<void> => {
      await models.close();
      await cache.close();
    };
    return new Simulation(new GraphExecutor(graph, { model: models.default, models }), queue, close);
  }

  private constructor(executor: GraphExecutor, queue: InProcessQueue<unknown>, close: () => Promise<void>) {
    this.#executor = executor;
    this.#queue = queue;
    this.#close = close;
  }

  /** Brings the simulated models into memory, as it were. */
  async loadModels(signal: AbortSignal): Promise<void> {
    const collector = getMetricsCollector();
    const load = async (model: string, seconds: number, bytes: number): Promise<void> => {
      await collector.trackModelLoad({ model }, () => wait(seconds, signal));
      collector.updateModelResidency({ model, loaded: true, memoryBytes: bytes, vramBytes: 0 });
    };
    await Promise.all([load(simulatedModels.small, 0.3, 0.6e9), load(simulatedModels.large, 0.6, 4.7e9)]);
  }

  /** Asks what was planned, through the queue; resolves when it has ended, however that was. */
  async ask({ question, priority, isStreamed, patienceSeconds, answer }: PlannedRequest): Promise<void> {
    const caller = new AbortController();
    const patience =
      patienceSeconds === undefined ? undefined : setTimeout(() => caller.abort(), patienceSeconds * 1000);
    const work = (signal: AbortSignal): Promise<unknown> =>
      answeringAs(answer, () =>
        this.#executor.execute(question, { signal, ...(isStreamed ? { onText: () => undefined } : {}) }),
      );
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
