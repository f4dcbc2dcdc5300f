import { expect } from 'chai';
import { PresetClient } from '../../../lib/executor/models/preset-client.js';
import { piecesOf, ScriptedModel } from '../../support/scripted-model.js';

describe('PresetClient', () => {
  it('applies its values to requests that do not set them', async () => {
    const model = new ScriptedModel('m');
    const client = new PresetClient(model, { maxTokens: 10, temperature: 0 });
    await client.generate({ prompt: 'Hi' });
    await piecesOf(client.stream({ prompt: 'Hi', maxTokens: 5 }));
    expect(model.requests).to.deep.equal([
      { prompt: 'Hi', maxTokens: 10, temperature: 0 },
      { prompt: 'Hi', maxTokens: 5, temperature: 0 },
    ]);
  });

  it('delegates everything else to its client', async () => {
    const model = new ScriptedModel('m', ['fine'], { provider: 'p' });
    const client = new PresetClient(model, {});
    expect([client.provider, client.model, client.embed]).to.deep.equal(['p', 'm', undefined]);
    await client.close();
    expect(model.closed).to.equal(1);
  });
});
