import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { build } from 'esbuild';
import * as original from 'prom-client';
import client, * as named from '../../../lib/prom-client/index.js';
import { runNode } from '../../support/run-node.js';

describe('the exports', () => {
  afterEach(() => client.register.setContentType(client.prometheusContentType));

  it("include all of prom-client's, by name and as default export", () => {
    const expected = Object.keys(original).filter((name) => !['default', 'module.exports'].includes(name));
    expect(named).to.include.all.keys(...expected);
    expect(client).to.include.all.keys(...expected, 'startMetricsServer');
    for (const [name, value] of Object.entries(client)) expect(named).to.have.property(name, value);
  });

  it('include the content type of the default registry, which can be assigned', () => {
    expect(client.contentType).to.equal(client.prometheusContentType);
    client.contentType = client.openMetricsContentType;
    expect(client.register.contentType).to.equal(client.openMetricsContentType);
    expect(client.contentType).to.equal(client.openMetricsContentType);
    expect(() => Object.assign(client, { contentType: 'text/html' })).to.throw('Content type text/html is unsupported');
  });

  it('are one copy for import and require in the built package', async () => {
    const code = `
      import { createRequire } from 'node:module';
      import client, * as named from '@tinyllm/prom-client';
      const required = createRequire(process.cwd() + '/x.js')('@tinyllm/prom-client');
      required.contentType = required.openMetricsContentType;
      console.log(JSON.stringify([
        required === client, required.default === client, required.__esModule, named.register === required.register,
        named.Counter === required.Counter, client.register.contentType === client.openMetricsContentType,
        Object.keys(required).filter((name) => !(name in named)),
      ]));`;
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code]);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal([true, true, true, true, true, true, []]);
  });

  for (const format of ['esm', 'cjs'] as const) {
    it(`are one copy for import and require in a bundle in the format "${format}"`, async () => {
      const contents = `
        import client, { Counter, register } from '@tinyllm/prom-client';
        const required = require('@tinyllm/prom-client');
        client.collectDefaultMetrics();
        new Counter({ name: 'own_total', help: 'Own.' }).inc(2);
        new required.Summary({ name: 'own_seconds', help: 'Own.' }).observe(3);
        register.metrics().then((text) => {
          const lines = text.split('\\n').filter((line) => /^own_total|^own_seconds_sum|^process_max_fds/.test(line));
          console.log(JSON.stringify([required.register === register, lines.length]));
          process.exit();
        });`;
      const { outputFiles, warnings } = await build({
        ...{ stdin: { contents, resolveDir: process.cwd() }, bundle: true, write: false },
        ...{ format, platform: 'node', target: 'node20', logLevel: 'silent' },
      });
      expect(warnings).to.deep.equal([]);
      const folder = await mkdtemp(join(tmpdir(), 'tinyllm-bundle-'));
      try {
        const file = join(folder, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
        await writeFile(file, outputFiles[0]?.text ?? '');
        const { stdout, stderr } = await runNode([file], { cwd: folder });
        expect(stderr).to.equal('');
        expect(JSON.parse(stdout)).to.deep.equal([true, 3]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
