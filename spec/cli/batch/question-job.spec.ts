import { expect } from 'chai';
import fc from 'fast-check';
import { readQuestionJob } from '../../../cli/batch/question-job.js';
import { TinyLLMError } from '../../../lib/core/errors/tinyllm-error.js';

describe('readQuestionJob', () => {
  it('reads a question with its graph and labels, and ignores other properties', () => {
    expect(readQuestionJob({ question: 'a' })).to.deep.equal({ question: 'a' });
    expect(readQuestionJob({ question: 'a', graph: 'b', labels: { c: 'd' }, other: 1 })).to.deep.equal({
      question: 'a',
      graph: 'b',
      labels: { c: 'd' },
    });
  });

  it('ignores empty labels', () => {
    expect(readQuestionJob({ question: 'a', labels: { c: '', d: 'e' } })).to.deep.equal({
      question: 'a',
      labels: { d: 'e' },
    });
    expect(readQuestionJob({ question: 'a', labels: { c: '' } }).labels).to.deep.equal({});
  });

  it('rejects invalid labels', () => {
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`label${index}`, 'a']));
    const refused = [null, 'a', ['a'], { a: 1 }, { a: 'x'.repeat(257) }, { a: '\0' }, many];
    for (const labels of refused) {
      expect(() => readQuestionJob({ question: 'a', labels }), JSON.stringify(labels)).to.throw(
        TinyLLMError,
        'The job has invalid "labels"; expected an object with at most 16 texts of at most 256 characters',
      );
    }
  });

  it('returns a job or throws a TinyLLMError for any data', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (data, labels) => {
        for (const job of [data, { question: 'a', labels }]) {
          try {
            expect(readQuestionJob(job).question).to.be.a('string');
          } catch (error) {
            expect(error).to.be.instanceOf(TinyLLMError);
          }
        }
      }),
    );
  });
});
