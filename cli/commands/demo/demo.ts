import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { NativeHistogramsConfiguration } from 'tinyllm';
import type { BucketBounds } from 'tinyllm/configuration';
import type { CommandContext } from '../../command/command-context.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import type { Episode, EpisodeKind } from './episodes.js';
import { followEpisodes } from './follow-episodes.js';
import { Simulation } from './simulation.js';
import { planTraffic } from './traffic.js';

/** Options of `tinyllm demo`. */
export interface DemoCommandOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The file with TLS, users and headers. Default: plain HTTP without authentication. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether clients that request OpenMetrics 2.0 get it; default false. */
  readonly openMetrics2?: boolean | undefined;
  /** Bucket bounds by histogram name. Default: those of `TINYLLM_BUCKETS`. */
  readonly buckets?: BucketBounds | undefined;
  /** Which histograms are native. Default: those of `TINYLLM_NATIVE_HISTOGRAMS`. */
  readonly nativeHistograms?: NativeHistogramsConfiguration | undefined;
  /** A whole number. The same seed produces the same traffic. */
  readonly seed: number;
  /** Average requests per second. If the process is too slow, requests are late. */
  readonly rate: number;
  /** Default: until Ctrl-C. */
  readonly durationSeconds: number | undefined;
  /** Whether to print one JSON object on stdout at the end. */
  readonly json: boolean;
}

/** How long running requests may take at the end. */
const graceSeconds = 3;

const episodeNotes: Readonly<Record<EpisodeKind, string>> = {
  slow: 'both simulated models are slow',
  errors: 'most requests to simulated-small fail',
  outage: 'simulated-large is down; its circuit breaker opens, and simulated-small answers',
  burst: 'a burst of requests fills the queue',
};

/**
 * Sends simulated traffic through the real graph, and serves its metrics, until the signal is aborted or the duration
 * is over.
 *
 * Throws a `ListenError` if the server cannot listen on the address, and a `WebConfigError` if
 * `webConfigFile` is invalid.
 */
export async function demo(options: DemoCommandOptions, context: CommandContext): Promise<void> {
  const { seed, rate, durationSeconds = Number.POSITIVE_INFINITY, json } = options;
  const { output, signal } = context;
  const until = options.durationSeconds === undefined ? 'Ctrl-C' : `${durationSeconds} s have passed or Ctrl-C`;
  const { port, host, webConfigFile, page, openMetrics2 } = options;
  configureRecording(options);
  noteDisabledMetrics(context);
  const { url } = await serveMetrics({ port, host, webConfigFile, page, openMetrics2, until }, context);
  output.note(`this is a simulation: about ${rate} requests per second, seed ${seed}; no language model is used`);
  output.note(`to watch it, run: tinyllm top ${url}`);

  let started = performance.now();
  const clock = (): number => (performance.now() - started) / 1000;
  const simulation = await Simulation.open({ seed, rate, clock });
  const over = new AbortController();
  try {
    await simulation.loadModels(signal);
    started = performance.now();
    const episodes = {
      onBegin: ({ kind, from, to }: Episode) =>
        output.note(`simulated problem for ${Math.round(to - from)} s: ${episodeNotes[kind]}`),
      onEnd: ({ kind }: Episode) => void simulation.restartAfter(kind, over.signal),
    };
    void followEpisodes({ seed, clock, until: durationSeconds, ...episodes }, over.signal);
    for (const request of planTraffic({ seed, rate })) {
      const left = Math.min(request.at, durationSeconds) - clock();
      // Yield also if the request is late, so that responses, scrapes and Ctrl-C are handled.
      await (left > 0 ? sleep(left * 1000, undefined, { signal }) : nextTurn());
      signal.throwIfAborted();
      if (request.at >= durationSeconds) break;
      void simulation.ask(request);
    }
  } finally {
    over.abort();
    await simulation.close(signal.aborted ? 0 : graceSeconds);
    const { answered, failed, rejected, cancelled } = simulation.outcomes;
    if (json) output.json({ simulation: true, seed, rate, seconds: clock(), ...simulation.outcomes, metrics: { url } });
    output.note(
      `simulated ${answered + failed + rejected + cancelled} requests:` +
        ` ${answered} answered, ${failed} failed, ${rejected} rejected, ${cancelled} cancelled by callers`,
    );
  }
}
