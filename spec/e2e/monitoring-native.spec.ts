import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MonitoringSettings } from '../../lib/monitoring/settings/settings.js';
import { needPrograms, prometheus3, promtool3Path } from '../support/e2e-programs.js';
import { type ExportedFolder, exportFolder } from '../support/monitoring/exported-folder.js';

const run = promisify(execFile);

const exports: Readonly<Record<string, Partial<MonitoringSettings>>> = {
  'native histograms': { nativeHistograms: true },
  'native histograms and labels': { nativeHistograms: true, labels: ['tenant', 'tier2'] },
  'native histograms and an objective between two bounds': {
    nativeHistograms: true,
    latency: { seconds: 0.7, share: 0.999 },
  },
  'native histograms, a long objective and another job': {
    nativeHistograms: true,
    job: 'assistants',
    latency: { seconds: 1234.5, share: 0.9 },
  },
  'classic histograms': {},
};

for (const [title, settings] of Object.entries(exports)) {
  describe(`an export with ${title}`, function () {
    this.timeout(60_000);

    let folder: ExportedFolder | undefined;

    before(async function () {
      needPrograms(this, prometheus3);
      folder = await exportFolder(settings);
    });

    after(() => folder?.remove());

    const promtool = (command: readonly string[], ...files: readonly string[]) =>
      run(promtool3Path, [...command, ...files.map((file) => join(folder!.path, file))]);

    it('is valid for Prometheus 3.16', async () => {
      const scraping = ['prometheus/prometheus.yml', 'federation/global.yml', 'federation/leaf-a.yml'];
      await promtool(['check', 'config'], ...scraping, 'federation/leaf-b.yml', 'remote-write/global.yml');
      await promtool(['check', 'config', '--agent'], 'remote-write/agent-a.yml', 'remote-write/agent-b.yml');
      const rules = ['prometheus/recording-rules.yml', 'prometheus/alerts.yml'];
      await promtool(['check', 'rules', '--lint=all', '--lint-fatal'], ...rules);
    });

    it('passes its own rule tests', async () => {
      await promtool(['test', 'rules'], 'prometheus/rules.test.yml');
    });
  });
}
