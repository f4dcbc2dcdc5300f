import { expect } from 'chai';
import { corpus, readers } from './support/corpus/corpus.js';
import type { CorpusCase } from './support/corpus/corpus-case.js';
import { readThroughProxy } from './support/corpus/readers/proxy.js';
import { beginReading, differences, takeReading } from './support/corpus/reading.js';
import { exchangeOf } from './support/corpus/wire.js';

/** The step between tested split positions: every byte in CI, and fewer on a developer's machine. */
const splitStep = process.env.CI === undefined ? 61 : 1;

/** The index of the byte after each chunk of an event stream or of lines. */
function chunkEnds(body: Buffer, separator: string): number[] {
  const ends: number[] = [];
  for (let at = body.indexOf(separator); at !== -1; at = body.indexOf(separator, at + 1))
    ends.push(at + separator.length);
  return ends;
}

/** Whether a case is a stream whose chunks can be found in the body. */
function isPlainStream({ chunks, body, contentType }: CorpusCase): boolean {
  return chunks !== undefined && body === undefined && contentType === undefined;
}

describe('the corpus of responses', () => {
  after(() => beginReading());

  for (const [provider, cases] of corpus) {
    describe(`of ${provider}`, () => {
      for (const reader of readers) {
        for (const one of cases.filter((candidate) => reader.accepts(candidate))) {
          it(`is read by the ${reader.name}: ${one.name}`, async () => {
            expect(differences(one, await reader.read(one), reader.blind)).to.deep.equal([]);
          });
        }
      }

      for (const one of cases.filter((candidate) => exchangeOf(candidate) !== undefined)) {
        it(`is read by the proxy wherever it is split: ${one.name}`, async () => {
          const { body } = exchangeOf(one) as { readonly body: Buffer };
          for (let cut = 1; cut < body.length; cut += splitStep) {
            expect(differences(one, await readThroughProxy(one, { cuts: [cut] })), `split at ${cut}`).to.deep.equal([]);
          }
        });
      }

      for (const one of cases.filter((candidate) => isPlainStream(candidate) && exchangeOf(candidate) !== undefined)) {
        const { expected } = one;
        it(`is complete for the proxy after its last chunk, but not before: ${one.name}`, async () => {
          const { body } = exchangeOf(one) as { readonly body: Buffer };
          const ends = chunkEnds(body, one.api.startsWith('ollama') ? '\n' : '\n\n').slice(0, one.chunks?.length);
          for (const [index, length] of ends.entries()) {
            const isComplete = expected.lastChunk !== undefined && index >= expected.lastChunk;
            const left = await readThroughProxy(one, { length, end: 'client-left' });
            const broken = await readThroughProxy(one, { length, end: 'upstream-failed' });
            const hasFailed = left.finishReason === 'error' && expected.error !== undefined;
            if (hasFailed) continue;
            const where = `after chunk ${index}`;
            expect(left.finishReason, where).to.equal(isComplete ? expected.finishReason : 'cancelled');
            expect(broken.finishReason, where).to.equal(isComplete ? expected.finishReason : 'error');
            expect((await takeReading()).active, where).to.equal(0);
          }
        });
      }
    });
  }
});
