import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { monitoringFiles } from '../../lib/monitoring/export/monitoring-files.js';
import { anySettings, dashboardsFromSdk, settingsCases } from '../support/monitoring/dashboards-from-sdk.js';

const execute = promisify(execFile);
const folder = 'lib/monitoring/dist';

describe('the built package @tinyllm/monitoring', function () {
  this.timeout(30_000);

  it("neither imports nor contains Grafana's SDK", () => {
    const { dependencies } = JSON.parse(readFileSync('lib/monitoring/package.json', 'utf8'));
    expect(Object.keys(dependencies)).to.deep.equal(['tinyllm', 'yaml']);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const code = files.filter((file) => /\.(?:js|d\.ts)$/.test(file));
    expect(code).to.include.members(['index.js', 'index.d.ts']);
    for (const file of code) {
      expect(readFileSync(join(folder, file), 'utf8'), file).not.to.match(
        /@grafana\/|\b\w*(?:Dashboard|Panel)Builder\b/,
      );
    }
  });

  it("exports the same files as the sources, and the same dashboards as Grafana's SDK", async () => {
    const settings = [...Object.values(settingsCases), ...fc.sample(anySettings, { numRuns: 10, seed: 1 })];
    const code = `
      import { monitoringFiles } from '@tinyllm/monitoring';
      const settings = ${JSON.stringify(settings)};
      console.log(JSON.stringify(settings.map((one) => [...monitoringFiles(one)])));`;
    const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', code], { maxBuffer: 2 ** 26 });
    const exported: readonly (readonly [string, string])[][] = JSON.parse(stdout);
    expect(exported).to.have.length(settings.length);
    for (const [index, files] of exported.entries()) {
      const fromSources = monitoringFiles(settings[index]!);
      expect(files).to.deep.equal([...fromSources]);
      expect(Object.fromEntries(files)).to.deep.include(dashboardsFromSdk(settings[index]!));
    }
  });
});
