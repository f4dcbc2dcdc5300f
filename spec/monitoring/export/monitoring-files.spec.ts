import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { monitoringFiles } from '../../../lib/monitoring/export/monitoring-files.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

const folder = 'samples/monitoring';

function filesIn(path: string): string[] {
  return readdirSync(path)
    .map((name) => join(path, name))
    .flatMap((inner) => (statSync(inner).isDirectory() ? filesIn(inner) : [relative(folder, inner)]));
}

describe('the files of the monitoring kit', () => {
  const files = monitoringFiles(defaultSettings);

  it('equal the files in samples/monitoring', () => {
    const advice =
      'npx tinyllm monitoring export --force --dir samples/monitoring, after a build, brings it up to date';
    expect(filesIn(folder).sort(), advice).to.deep.equal([...files.keys()].sort());
    for (const [path, text] of files) expect(readFileSync(join(folder, path), 'utf8') === text, advice).to.equal(true);
  });

  it('contain the settings', () => {
    const made = monitoringFiles({
      datasource: 'Thanos',
      job: 'assistants',
      targets: ['one:1', 'two:2'],
      availability: { share: 0.999 },
      latency: { seconds: 2.5, share: 0.9 },
      runbookUrl: 'https://example.org/runbook',
    });
    expect([...made.keys()]).to.deep.equal([...files.keys()]);
    expect(parse(made.get('prometheus/prometheus.yml') ?? '')).to.deep.include({
      scrape_configs: [{ job_name: 'assistants', static_configs: [{ targets: ['one:1', 'two:2'] }] }],
    });
    expect(made.get('grafana/dashboards/overview.json')).to.contain('"value": "Thanos"');
    expect(made.get('prometheus/recording-rules.yml')).to.contain('le="2.5"').and.not.to.contain('job="tinyllm"');
    // 14.4 times a budget of 0.1 % is 0.0144. 14.4 times a budget of 10 % would be 1.44, so the upper limit of 0.9
    // applies.
    expect(made.get('prometheus/alerts.yml')).to.contain('> 0.0144').and.to.contain('> 0.9 ');
    expect(made.get('prometheus/alerts.yml')).to.contain('https://example.org/runbook#tinyllmtargetdown');
    expect(made.get('runbook.md')).to.contain('99.9%').and.to.contain('2.5 s');
  });

  it('have default settings for everything that is missing', () => {
    expect([...monitoringFiles()]).to.deep.equal([...files]);
    expect([...monitoringFiles({ job: 'assistants' })]).to.deep.equal([
      ...monitoringFiles({ ...defaultSettings, job: 'assistants', labels: [] }),
    ]);
  });

  it('contain additional labels in dashboards, recorded series, alerts and the federation', () => {
    const made = monitoringFiles({ labels: ['tenant', 'tier2'] });
    const requests = 'job_tenant_tier2:tinyllm_requests:rate5m';
    expect(made.get('grafana/dashboards/overview.json')).to.contain('tenant=~\\"$tenant\\", tier2=~\\"$tier2\\"}');
    expect(made.get('grafana/dashboards/fleet.json')).to.contain(`${requests}{job=~`);
    const recorded = made.get('prometheus/recording-rules.yml');
    expect(recorded).to.contain(`record: ${requests}\n        expr: sum by (job, tenant, tier2) (`);
    expect(recorded).to.contain('sum by (job, node, graph, tenant, tier2, le) (');
    expect(recorded).to.contain('record: job:tinyllm_queue_size:sum');
    expect(made.get('prometheus/alerts.yml')).to.contain(`sum by (job) (${requests})`).and.not.to.contain('by (tenant');
    const { scrape_configs: scrapes } = parse(made.get('federation/global.yml') ?? '');
    const [, pattern = ''] = /__name__=~"([^"]+)"/.exec(scrapes[0].params['match[]'][0]) ?? [];
    const names = recorded?.match(/(?<=record: ).+/g) ?? [];
    expect(names).not.to.have.length(0);
    for (const name of names) expect(name).to.match(new RegExp(`^(?:${pattern})$`));
    for (const text of made.values()) expect(text).not.to.contain('<tinyllm:');
  });

  describe('with native histograms', () => {
    const native = monitoringFiles({ nativeHistograms: true });

    it('read no series of classic histograms, and record series with the same names', () => {
      expect([...native.keys()]).to.deep.equal([...files.keys()]);
      const names = (kit: ReadonlyMap<string, string>) =>
        ['recording-rules', 'alerts'].map((file) => kit.get(`prometheus/${file}.yml`)?.match(/(?<=record: ).+/g));
      expect(names(native)).to.deep.equal(names(files));
      for (const [path, text] of native) {
        // Several threads write this histogram, so it is always classic.
        const others = text.replaceAll(/\bjob\w*:\w+:\w+|.*tinyllm_scrape_duration_seconds.*/g, '');
        expect(others, path).not.to.match(/tinyllm_\w+_(?:bucket|sum|count)\b|\{\{le\}\}|\ble=|\(le\)|, le\)/);
      }
    });

    it('differ only in rules, rule tests, dashboards, configurations and the README', () => {
      const equal = [...native].filter(([path, text]) => files.get(path) === text).map(([path]) => path);
      expect(equal).to.deep.equal([
        'runbook.md',
        'alertmanager/alertmanager.yml',
        'grafana/provisioning/datasources/tinyllm.yml',
        'grafana/provisioning/dashboards/tinyllm.yml',
        'grafana/dashboards/business.json',
        'grafana/dashboards/runbook.json',
        'remote-write/global.yml',
      ]);
    });

    it('scrape and send native histograms', () => {
      const jobs = ['prometheus/prometheus', 'federation/leaf-a', 'federation/global', 'remote-write/agent-a'];
      for (const name of jobs) {
        const { scrape_configs: scrapes, remote_write: writes = [] } = parse(native.get(`${name}.yml`) ?? '');
        expect(scrapes[0], name).to.include({ scrape_native_histograms: true });
        for (const write of writes) expect(write).to.include({ send_native_histograms: true });
      }
      const notes = native.get('prometheus/prometheus.yml')?.split('global:')[0];
      expect(notes)
        .to.contain('# always_scrape_classic_histograms: true')
        .and.to.contain('--enable-feature=created-timestamp-zero-ingestion');
      expect(parse(native.get('compose.yaml') ?? '').services.prometheus.image).to.equal('prom/prometheus:v3.16.0');
    });

    it('accept any duration as the objective for latency', () => {
      const made = monitoringFiles({ nativeHistograms: true, latency: { seconds: 7.25, share: 0.95 } });
      expect(made.get('prometheus/recording-rules.yml')).to.contain('histogram_fraction(-Inf, 7.25, ');
    });

    for (const value of ['true', 1, {}, null]) {
      it(`cannot be selected by ${JSON.stringify(value)}`, () => {
        expect(() => monitoringFiles({ nativeHistograms: value as boolean })).to.throw(
          MetricsConfigurationError,
          /^nativeHistograms of monitoringFiles is .+; expected true or false\.$/,
        );
      });
    }
  });

  const refused: readonly (readonly [unknown, string])[] = [
    [['le'], 'labels of monitoringFiles contains "le", which is reserved for buckets of histograms; choose another'],
    [['leaf'], 'labels of monitoringFiles contains "leaf", which federation uses for the leaves; choose another name.'],
    [['tenant', 'tenant'], 'labels of monitoringFiles contains "tenant" twice; remove one of them.'],
    [['tenant=acme'], 'labels of monitoringFiles contains "tenant=acme"; expected only the name, so omit "=acme".'],
    [[7], 'labels of monitoringFiles contains 7; expected names of labels, such as tenant.'],
    ['tenant', 'labels of monitoringFiles is "tenant"; expected an array of label names, such as ["tenant"].'],
  ];
  for (const [labels, message] of refused) {
    it(`cannot have the labels ${JSON.stringify(labels)}`, () => {
      expect(() => monitoringFiles({ labels: labels as readonly string[] })).to.throw(
        MetricsConfigurationError,
        message,
      );
    });
  }
});
