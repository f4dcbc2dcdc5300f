import { type Priority, priorities } from '@tinyllm/resilience/settings';
import { randomExponential, randomInt, randomLogNormal } from 'd3-random';
import { isAmid } from './episodes.js';
import { drawQuestion } from './questions.js';
import { type RandomSource, seededSource } from './seeded-source.js';

/** How a simulated model is to answer, before the model's own speed and any trouble change it. */
export interface PlannedAnswer {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly firstTokenSeconds: number;
  readonly secondsPerToken: number;
  /** From 0 up to 1: decides whether it fails where only a share of requests does, and how. */
  readonly luck: number;
}

/** A request of the simulation. */
export interface PlannedRequest {
  /** When it arrives, in seconds since the start. */
  readonly at: number;
  readonly question: string;
  readonly priority: Priority;
  /** The conversation it belongs to; most belong to none. */
  readonly session: string | undefined;
  /** Whether the answer is to come piece by piece. */
  readonly isStreamed: boolean;
  /** After how many seconds the caller gives up; most wait for ever. */
  readonly patienceSeconds: number | undefined;
  readonly answer: PlannedAnswer;
}

/** Which traffic to plan. */
export interface TrafficOptions {
  /** A whole number; the same one gives the same traffic. */
  readonly seed: number;
  /** Requests a second, over all of a day. */
  readonly rate: number;
}

/** What is a day to the simulation, in seconds. */
const day = 120;
const swing = 0.5;
/** How many people talk with it, each in a conversation of their own. */
const visitors = 12;
/** How many times as many requests arrive in a burst. */
const burst = 6;

/** Requests a second at a moment: more by day, fewer by night, and many in a burst. */
export function rateAt({ seed, rate }: TrafficOptions, seconds: number): number {
  const wave = 1 + swing * Math.sin((2 * Math.PI * seconds) / day);
  return rate * wave * (isAmid('burst', seed, seconds) ? burst : 1);
}

/**
 * Plans traffic without end, in the order it arrives.
 *
 * Arrivals are a Poisson process whose rate follows `rateAt`, made by thinning: drawn at the highest rate there is, and
 * kept as often as the rate at that moment is of it. Source: Lewis and Shedler, Simulation of nonhomogeneous Poisson
 * processes by thinning (1979).
 */
export function* planTraffic(options: TrafficOptions): Generator<PlannedRequest, never, undefined> {
  const arrivals = seededSource(options.seed, 1);
  const requests = seededSource(options.seed, 2);
  const highest = options.rate * (1 + swing) * burst;
  const pause = randomExponential.source(arrivals)(highest);
  for (let at = pause(); ; at += pause()) {
    if (arrivals() < rateAt(options, at) / highest) yield planRequest(at, requests);
  }
}

function planRequest(at: number, source: RandomSource): PlannedRequest {
  const skewed = (median: number, spread: number): number => median * randomLogNormal.source(source)(0, spread)();
  const urgency = source();
  const visitor = randomInt.source(source)(1, visitors + 1);
  return {
    at,
    question: drawQuestion(source),
    priority: priorities[urgency < 0.1 ? 0 : urgency < 0.85 ? 1 : 2],
    session: source() < 0.1 ? `visitor-${visitor()}` : undefined,
    isStreamed: source() < 0.7,
    patienceSeconds: source() < 0.03 ? skewed(0.5, 0.5) : undefined,
    answer: {
      inputTokens: whole(skewed(180, 0.8), 8192),
      outputTokens: whole(skewed(60, 0.6), 400),
      firstTokenSeconds: skewed(0.12, 0.5),
      secondsPerToken: skewed(0.008, 0.25),
      luck: source(),
    },
  };
}

function whole(amount: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(amount)));
}
