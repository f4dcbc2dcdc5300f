import { expect } from 'chai';
import { pullProgress } from '../../../../lib/executor/models/ollama/pull-progress.js';

describe('pullProgress', () => {
  it('parses a layer, and treats a missing count as zero', () => {
    const layer = { status: 'pulling abc', digest: 'sha256:abc', total: 100 };
    expect(pullProgress(layer)).to.deep.equal({
      status: 'pulling abc',
      digest: 'sha256:abc',
      totalBytes: 100,
      completedBytes: 0,
    });
    expect(pullProgress({ ...layer, completed: 40 })).to.include({ completedBytes: 40 });
  });

  it('limits the completed bytes to the total', () => {
    expect(pullProgress({ status: '', total: 100, completed: 140 })).to.include({ completedBytes: 100 });
  });

  it('omits missing and invalid values', () => {
    expect(pullProgress({ status: 'verifying sha256 digest' })).to.deep.equal({ status: 'verifying sha256 digest' });
    expect(pullProgress({ status: 7, digest: null, total: '9', completed: -1 })).to.deep.equal({ status: '' });
  });
});
