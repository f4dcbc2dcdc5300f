import { expect } from 'chai';
import { readResponse } from '../../../lib/core/providers/read-response.js';
import { StreamedResponse } from '../../../lib/core/providers/streamed-response.js';
import type { TokenUsage } from '../../../lib/core/providers/token-usage.js';
import { wantedFields } from '../../../lib/core/providers/wanted-fields.js';
import type { CorpusCase, ExpectedReading } from '../../support/corpus/corpus-case.js';
import { openaiCompatible } from '../../support/corpus/openai-compatible.js';
import { otherApis } from '../../support/corpus/other-apis.js';

/** Cached, written and reasoning tokens of 0 are the same as none. */
function expectedCounts({ input, output, cachedInput, cacheWrite, reasoningOutput }: ExpectedReading) {
  return [input, output, cachedInput ?? 0, cacheWrite ?? 0, reasoningOutput ?? 0];
}

function countsOf({
  inputTokens,
  outputTokens,
  cachedInputTokens = 0,
  cacheWriteTokens = 0,
  reasoningTokens = 0,
}: TokenUsage = {}) {
  return [inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens];
}

/** The `finish_reason` label of a reading. */
function labelOf(errorType: string | undefined, finishReason: string | undefined): string {
  return errorType === undefined ? (finishReason ?? 'stop') : 'error';
}

function testWhole(whole: object, expected: ExpectedReading): void {
  const { usage, finishReason, errorType, isUnread } = readResponse(whole);
  expect(countsOf(usage), 'counts').to.deep.equal(expectedCounts(expected));
  expect(labelOf(errorType, finishReason), 'finish reason').to.equal(expected.finishReason);
  expect(errorType, 'error type').to.equal(expected.error);
  expect(isUnread, 'unread').to.equal(false);
}

function testChunks(chunks: readonly object[], expected: ExpectedReading): void {
  const response = new StreamedResponse({ choices: choicesIn(chunks) });
  let firstOutput: number | undefined;
  let lastChunk: number | undefined;
  chunks.forEach((chunk, index) => {
    if (response.add(chunk)) firstOutput ??= index;
    if (response.isComplete) lastChunk ??= index;
  });
  expect(countsOf(response.usage), 'counts').to.deep.equal(expectedCounts(expected));
  expect(labelOf(response.errorType, response.finishReason), 'finish reason').to.equal(expected.finishReason);
  expect(response.errorType, 'error type').to.equal(expected.error);
  expect(firstOutput, 'first output').to.equal(expected.firstOutput);
  expect(lastChunk, 'last chunk').to.equal(expected.lastChunk);
  expect(response.isUnread, 'unread').to.equal(false);
}

/** How many choices the request asked for: those that appear. */
function choicesIn(chunks: readonly object[]): number {
  const indexes = chunks.flatMap((chunk) => {
    const { choices } = chunk as { readonly choices?: readonly { readonly index?: number }[] };
    return Array.isArray(choices) ? choices.map(({ index }) => index ?? 0) : [];
  });
  return Math.max(0, ...indexes) + 1;
}

/** Error responses are not read, and a token count is not a response of a model. */
function isRead({ status = 200, api }: CorpusCase): boolean {
  return status < 300 && api !== 'anthropic-count-tokens';
}

describe('the corpus of responses', () => {
  for (const [provider, cases] of [...openaiCompatible, ...otherApis]) {
    for (const { name, whole, chunks = [], expected } of cases.filter(isRead)) {
      it(`${provider}: ${name}`, () =>
        whole === undefined ? testChunks(chunks, expected) : testWhole(whole, expected));
    }
  }

  it('is read in the same way with only the wanted fields of whole responses', () => {
    const cases = [...openaiCompatible.values(), ...otherApis.values()].flat().filter(isRead);
    for (const { name, api, whole } of cases) {
      // The objects of client libraries are not read from a body.
      if (whole === undefined || api === 'ai-sdk' || api === 'langchain' || name.startsWith('SDK')) continue;
      const wanted = Object.fromEntries(Object.entries(whole).filter(([field]) => wantedFields.has(field)));
      const { isUnread: _, ...reading } = readResponse(whole);
      expect(readResponse(wanted), name).to.deep.include(reading);
    }
  });
});
