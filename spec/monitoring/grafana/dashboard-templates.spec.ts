import { expect } from 'chai';
import fc from 'fast-check';
import { placeholders } from '../../../lib/monitoring/dashboards/dashboard-values.js';
import { monitoringFiles } from '../../../lib/monitoring/export/monitoring-files.js';
import { dashboardTemplates } from '../../../lib/monitoring/grafana/dashboard-templates.js';
import type { MonitoringSettings } from '../../../lib/monitoring/settings/settings.js';
import { anySettings, dashboardsFromSdk, settingsCases } from '../../support/monitoring/dashboards-from-sdk.js';

/** The dashboards of the export, which fills in templates. */
function exportedDashboards(settings: MonitoringSettings): Readonly<Record<string, string>> {
  const files = [...monitoringFiles(settings)].filter(([path]) => path.startsWith('grafana/dashboards/'));
  return Object.fromEntries(files);
}

describe('dashboard templates', () => {
  it('contain every placeholder', () => {
    const text = JSON.stringify(dashboardTemplates());
    const { labels, ...others } = placeholders;
    const all = [...Object.values(others), ...labels.requests, ...labels.executions];
    for (const placeholder of all) expect(text).to.contain(placeholder);
  });

  it('consist of JSON values, so that the build can store them', () => {
    const templates = dashboardTemplates();
    expect(JSON.parse(JSON.stringify(templates))).to.deep.equal(templates);
  });

  for (const [title, settings] of Object.entries(settingsCases)) {
    it(`produce the files that Grafana's SDK builds: ${title}`, () => {
      expect(exportedDashboards(settings)).to.deep.equal(dashboardsFromSdk(settings));
    });
  }

  it("produce the files that Grafana's SDK builds for any settings", () => {
    const property = fc.property(anySettings, (settings) => {
      expect(exportedDashboards(settings)).to.deep.equal(dashboardsFromSdk(settings));
    });
    fc.assert(property, { numRuns: 30 });
  });
});
