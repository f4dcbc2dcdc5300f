import { expect } from 'chai';
import { TinyLLMError } from '../../../lib/core/errors/tinyllm-error.js';
import { Problems } from '../../../lib/core/metrics/problems.js';

describe('Problems', () => {
  const follow = (problems: Problems) => {
    const seen: string[] = [];
    return { seen, stop: problems.follow(({ message }) => seen.push(message)) };
  };

  it('notifies listeners of earlier and of later problems, each once', () => {
    const problems = new Problems();
    expect(problems.report(new TinyLLMError('early'))).to.equal(true);
    const { seen, stop } = follow(problems);
    expect(problems.report(new TinyLLMError('late'))).to.equal(true);
    expect(problems.report(new TinyLLMError('early'))).to.equal(false);
    expect(seen).to.deep.equal(['early', 'late']);
    stop();
    problems.report(new TinyLLMError('later'));
    expect(seen).to.have.length(2);
    expect(follow(problems).seen).to.deep.equal(['early', 'late', 'later']);
  });

  it('keeps at most 100 problems', () => {
    const problems = new Problems();
    for (let number = 0; number < 150; number++) problems.report(new TinyLLMError(`problem ${number}`));
    expect(follow(problems).seen).to.have.length(100);
  });
});
