import { expect } from 'chai';
import { UnknownProviderError } from '../../../lib/executor/errors/model-client-errors.js';
import { modelReference } from '../../../lib/executor/models/model-reference.js';

describe('modelReference', () => {
  it('reads a provider with a model, or alone', () => {
    expect(modelReference('ollama/hf.co/someone/model:Q4')).to.deep.equal({
      provider: 'ollama',
      model: 'hf.co/someone/model:Q4',
    });
    expect(modelReference('embedded')).to.deep.equal({ provider: 'embedded' });
    expect(modelReference('ollama/')).to.deep.equal({ provider: 'ollama' });
  });

  it('refuses what names no provider', () => {
    expect(() => modelReference('olama/qwen2.5:0.5b')).to.throw(
      UnknownProviderError,
      /^"olama\/qwen2\.5:0\.5b" is no model; expected provider\/model, .* Did you mean "ollama"\?$/,
    );
    expect(() => modelReference('')).to.throw(UnknownProviderError);
  });
});
