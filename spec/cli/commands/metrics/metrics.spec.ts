import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { metrics } from '../../../../cli/commands/metrics/metrics.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';
import { sampleValue } from '../../../support/parse-text.js';
import { startTinyllm } from '../../../support/tinyllm-process.js';

describe('tinyllm metrics', () => {
  const ollamaHost = process.env.OLLAMA_HOST;
  afterEach(() => {
    if (ollamaHost === undefined) delete process.env.OLLAMA_HOST;
    else process.env.OLLAMA_HOST = ollamaHost;
  });

  it('keeps the gauges of inactive pushers for --expire seconds, and forever with 0', async () => {
    const running = startTinyllm('metrics', '--port', '0', '--expire', '0');
    try {
      const url = await running.metricsUrl();
      await fetch(`${url}/job/spec`, { method: 'PUT', body: '# TYPE level gauge\nlevel 3\n' });
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(sampleValue(await (await fetch(url)).text(), 'level')).to.equal(3);
    } finally {
      await running.close();
    }
  });

  it('serves the loaded models of Ollama, and zeros after they are unloaded', async () => {
    let resident = [{ name: 'resident:1b', size: 1300, size_vram: 900 }];
    // A fake Ollama that supports only /api/ps.
    const ollama = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ models: resident }));
    });
    ollama.listen(0, '127.0.0.1');
    await once(ollama, 'listening');
    process.env.OLLAMA_HOST = `127.0.0.1:${(ollama.address() as AddressInfo).port}`;
    const { output, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    const served = metrics({ port: 0, host: '127.0.0.1', residencySeconds: 0.01 }, lifetime);
    try {
      const url = await eventually(
        async () => /serving metrics at (\S+) and a page with charts at \S+ until Ctrl-C/.exec(stderr.text)?.[1],
      );
      const scraped = (line: string) =>
        eventually(async () => (await (await fetch(url)).text()).split('\n').find((one) => one === line));
      await scraped('tinyllm_model_loaded{model="resident:1b"} 1');
      await scraped('tinyllm_model_memory_bytes{model="resident:1b"} 1300');
      await scraped('tinyllm_model_vram_bytes{model="resident:1b"} 900');
      resident = [];
      await scraped('tinyllm_model_loaded{model="resident:1b"} 0');
      await scraped('tinyllm_model_memory_bytes{model="resident:1b"} 0');
      lifetime.end();
      await served;
      await lifetime.close();
      expect(await fetch(url).catch(() => 'closed')).to.equal('closed');
    } finally {
      lifetime.end();
      await lifetime.close();
      ollama.closeAllConnections();
      ollama.close();
    }
  });
});
