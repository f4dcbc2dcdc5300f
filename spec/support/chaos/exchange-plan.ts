import fc from 'fast-check';

/** How an upstream fails one request. */
export type UpstreamFault =
  | 'none'
  | 'status'
  | 'reset-before'
  | 'reset-midway'
  | 'garbage'
  | 'stall-before'
  | 'stall-midway';

/** How a client behaves in one exchange. */
export type ClientFault = 'none' | 'slow-body' | 'half-body' | 'leaves';

/** One request of a client through the proxy, with its faults. */
export interface ExchangePlan {
  readonly upstream: UpstreamFault;
  readonly client: ClientFault;
  readonly stream: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const tokens = { inputTokens: fc.integer({ min: 1, max: 500 }), outputTokens: fc.integer({ min: 1, max: 50 }) };

const staying = fc.record<ExchangePlan>({
  upstream: fc.constantFrom('none', 'none', 'none', 'status', 'reset-before', 'reset-midway', 'garbage'),
  client: fc.constantFrom('none', 'none', 'slow-body'),
  stream: fc.boolean(),
  ...tokens,
});

// A client leaves only an upstream that stalls; otherwise the response could arrive first.
const leaving = fc.record<ExchangePlan>({
  upstream: fc.constantFrom('stall-before', 'stall-midway'),
  client: fc.constant('leaves'),
  stream: fc.constant(true),
  ...tokens,
});

const interrupted = fc.record<ExchangePlan>({
  upstream: fc.constant('none'),
  client: fc.constant('half-body'),
  stream: fc.boolean(),
  ...tokens,
});

/** Generates exchanges. The same seed generates the same exchanges. */
export function planExchanges(seed: number, count: number): ExchangePlan[] {
  const plan = fc.oneof(
    { weight: 6, arbitrary: staying },
    { weight: 2, arbitrary: leaving },
    { weight: 1, arbitrary: interrupted },
  );
  return fc.sample(plan, { seed, numRuns: count });
}
