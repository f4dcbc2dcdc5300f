import { expect } from 'chai';
import fc from 'fast-check';
import type { FinishReason } from '../../lib/core/providers/finish-reason.js';
import type { ProviderTimings, ResponseReader } from '../../lib/core/providers/response-reader.js';
import { type TokenUsage, tokenCounts } from '../../lib/core/providers/token-usage.js';

/** The results of a reader for a response or a chunk. An omitted property means undefined or false. */
export interface ReaderResults {
  readonly usage?: TokenUsage | undefined;
  readonly isIncrement?: boolean | undefined;
  readonly finishReason?: FinishReason | undefined;
  readonly callsTools?: boolean | undefined;
  readonly carriesOutput?: boolean | undefined;
  readonly isLast?: boolean | undefined;
  readonly choices?: readonly (readonly [index: number, finishReason: FinishReason | undefined])[] | undefined;
  readonly timings?: ProviderTimings | undefined;
  readonly errorType?: string | undefined;
  readonly thrownError?: unknown;
}

/** The name of a case, the response or chunk, and all expected results of the reader. */
export type ReaderCase = readonly [name: string, response: object, expected: ReaderResults];

/** Defines one test for each case. It compares the results of all methods of a reader. */
export function testReader(reader: ResponseReader, cases: readonly ReaderCase[]): void {
  for (const [name, response, expected] of cases) {
    it(`reads ${name}`, () => expect(resultsOf(reader, response as never)).to.deep.equal(expected));
  }
}

function resultsOf(reader: ResponseReader, response: Parameters<ResponseReader['usage']>[0]): ReaderResults {
  const usage = reader.usage(response);
  const timings = reader.timings(response);
  const choices: (readonly [number, FinishReason | undefined])[] = [];
  reader.choices?.(response, (index, reason) => choices.push([index, reason]));
  for (const method of ['callsTools', 'carriesOutput', 'isLast'] as const) {
    expect(reader[method](response), method).to.be.a('boolean');
  }
  return withoutEmpty({
    usage: usage && withoutEmpty(usage),
    isIncrement: reader.isIncrement?.(response),
    finishReason: reader.finishReason(response),
    callsTools: reader.callsTools(response),
    carriesOutput: reader.carriesOutput(response),
    isLast: reader.isLast(response),
    choices: choices.length === 0 ? undefined : choices,
    timings: timings && withoutEmpty(timings),
    errorType: reader.errorType(response),
    thrownError: reader.thrownError?.(response),
  });
}

/** Omits the properties that are undefined or false. */
function withoutEmpty<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== false)) as T;
}

/** Keys and values that readers look for. */
const words = [
  ...['usage', 'message', 'response', 'choices', 'delta', 'type', 'object', 'status', 'error', 'timings', 'content'],
  ...['usage_metadata', 'usageMetadata', 'response_metadata', 'candidates', 'parts', 'generations', 'llmOutput'],
  ...['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'inputTokens', 'outputTokens', 'total'],
  ...['prompt_eval_count', 'eval_count', 'promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'prompt_n'],
  ...['cache_n', 'predicted_n', 'predicted_ms', 'x_groq', 'done', 'done_reason', 'finish_reason', 'stop_reason'],
  ...['totalUsage', 'providerMetadata', 'anthropic', 'prompt_tokens_details', 'cached_tokens', 'statistics'],
  ...['tokenCount', 'embeddings', 'output', 'item', 'tool_calls', 'text', 'load_duration', 'tokenUsage'],
];
const numbers = fc.constantFrom(-1, 0, 1, 7, Number.NaN, Number.POSITIVE_INFINITY, -0.5);
const leaves = fc.oneof(numbers, fc.constantFrom(null, '', 'stop', 'response', true, ...words), fc.string());

/** Objects with the field names of all providers and values of any type. */
export const anyResponse: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.letrec<{
  value: unknown;
  object: Record<string, unknown>;
}>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaves, tie('object'), fc.array(tie('value'))),
  object: fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 6, noNullPrototype: true }),
})).object;

/** Tests that a reader never throws, returns only possible counts, and doesn't change the response. */
export function testReaderWithAnything(reader: ResponseReader): void {
  it('never throws and never returns an impossible count, for other objects', () => {
    fc.assert(
      fc.property(anyResponse, (response) => {
        const before = structuredClone(response);
        const { usage, timings } = resultsOf(reader, response);
        for (const name of tokenCounts)
          expect(usage?.[name] ?? 0)
            .to.be.at.least(0)
            .and.below(Number.POSITIVE_INFINITY);
        for (const seconds of Object.values(timings ?? {})) expect(seconds).to.be.above(0);
        expect(response).to.deep.equal(before);
      }),
    );
  });
}
