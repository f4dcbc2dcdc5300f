import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../../command/command-context.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import type { Episode, EpisodeKind } from './episodes.js';
import { followEpisodes } from './follow-episodes.js';
import { Simulation } from './simulation.js';
import { planTraffic } from './traffic.js';

/** Options of `tinyllm demo`. */
export interface DemoCommandOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** TLS, users and headers; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** A whole number; the same one gives the same traffic. */
  readonly seed: number;
  /** Requests a second on the mean; what a process cannot keep up with comes late. */
  readonly rate: number;
  /** Default until Ctrl-C. */
  readonly durationSeconds: number | undefined;
  /** Whether to end with one JSON object on stdout. */
  readonly json: boolean;
}

/** How long requests under way may take at the end. */
const graceSeconds = 3;

const told: Readonly<Record<EpisodeKind, string>> = {
  slow: 'both simulated models are slow',
  errors: 'simulated-small fails most of the time',
  outage: 'simulated-large is away: its circuit breaker opens, and simulated-small answers',
  burst: 'a burst of requests fills the queue',
};

/**
 * Serves metrics and moves them with simulated traffic through the real graph, until its signal is aborted or the
 * duration is over.
 *
 * Throws a `ListenError` when the address cannot be listened on, and a `WebConfigError` when that file is not in order.
 */
export async function demo(options: DemoCommandOptions, context: CommandContext): Promise<void> {
  const { seed, rate, durationSeconds = Number.POSITIVE_INFINITY, json } = options;
  const { output, signal } = context;
  const until = options.durationSeconds === undefined ? 'Ctrl-C' : `${durationSeconds} s have passed, or Ctrl-C`;
  const { port, host, webConfigFile, page } = options;
  const { url } = await serveMetrics({ port, host, webConfigFile, page, until }, context);
  output.note(`this is a simulation: about ${rate} requests a second, seed ${seed}; no language model is asked`);
  output.note(`to watch it: tinyllm top ${url}`);

  let started = performance.now();
  const clock = (): number => (performance.now() - started) / 1000;
  const simulation = await Simulation.open({ seed, rate, clock });
  const over = new AbortController();
  try {
    await simulation.loadModels(signal);
    started = performance.now();
    const episodes = {
      onBegin: ({ kind, from, to }: Episode) => output.note(`simulated, for ${Math.round(to - from)} s: ${told[kind]}`),
      onEnd: ({ kind }: Episode) => void simulation.restartAfter(kind, over.signal),
    };
    void followEpisodes({ seed, clock, until: durationSeconds, ...episodes }, over.signal);
    for (const request of planTraffic({ seed, rate })) {
      const left = Math.min(request.at, durationSeconds) - clock();
      // Also when it is late: answers, scrapes and Ctrl-C have to get their turn.
      await (left > 0 ? sleep(left * 1000, undefined, { signal }) : others());
      signal.throwIfAborted();
      if (request.at >= durationSeconds) break;
      void simulation.ask(request);
    }
  } finally {
    over.abort();
    await simulation.close(signal.aborted ? 0 : graceSeconds);
    const { answered, failed, rejected, left } = simulation.outcomes;
    if (json) output.json({ simulation: true, seed, rate, seconds: clock(), ...simulation.outcomes, metrics: { url } });
    output.note(
      `simulated ${answered + failed + rejected + left} requests:` +
        ` ${answered} answered, ${failed} failed, ${rejected} turned away, ${left} left by their callers`,
    );
  }
}
