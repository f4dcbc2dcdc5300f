import { expect } from 'chai';
import { wantedFields } from '../../../lib/core/providers/wanted-fields.js';

describe('wantedFields', () => {
  it('has the name of the model, and fields that only few responses have', () => {
    const names = ['model', 'modelVersion', 'done_reason', 'x_groq'];
    expect(names.filter((name) => !wantedFields.has(name))).to.deep.equal([]);
  });

  it("has neither vectors nor Ollama's text and context", () => {
    const large = ['embedding', 'embeddings', 'data', 'response', 'context'];
    expect(large.filter((name) => wantedFields.has(name))).to.deep.equal([]);
  });
});
