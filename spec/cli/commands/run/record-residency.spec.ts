import { expect } from 'chai';
import { recordResidency } from '../../../../cli/commands/run/record-residency.js';
import { registry } from '../../../../lib/core/metrics/shared-registry.js';
import { json, startFakeOllama } from '../../../support/fake-ollama.js';
import { freePort } from '../../../support/free-port.js';

describe('recordResidency', () => {
  it('records what the server holds in memory', async () => {
    const ollama = await startFakeOllama({ ps: json({ models: [{ name: 'resident', size: 900, size_vram: 600 }] }) });
    await recordResidency(ollama.url).finally(() => ollama.close());
    expect(await registry.metrics())
      .to.include('tinyllm_model_loaded{model="resident"} 1\n')
      .and.include('tinyllm_model_memory_bytes{model="resident"} 900\n')
      .and.include('tinyllm_model_vram_bytes{model="resident"} 600\n');
  });

  it('fails nothing when nobody says', async () => {
    await recordResidency(`127.0.0.1:${await freePort()}`);
  });
});
