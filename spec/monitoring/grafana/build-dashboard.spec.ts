import { basename } from 'node:path';
import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { alertPlans } from '../../../lib/monitoring/alerts/alert-plans.js';
import { alertRules } from '../../../lib/monitoring/alerts/alert-rules.js';
import { monitoringFiles } from '../../../lib/monitoring/export/monitoring-files.js';
import { buildDashboard } from '../../../lib/monitoring/grafana/build-dashboard.js';
import { dashboardPlans } from '../../../lib/monitoring/grafana/dashboard-templates.js';
import { filterLabels, filterLabelsOf, type QueriedMetric } from '../../../lib/monitoring/queries/additional-labels.js';
import { recordingRules } from '../../../lib/monitoring/rules/recording-rules.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';
import { schemaFaults } from '../../support/monitoring/schema-faults.js';

/** The properties of a panel that the tests read. */
interface BuiltPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly noValue: string } };
  readonly options?: { readonly sortBy?: object };
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

const recordedSeries = /\bjob\w*:\w+:\w+/g;
const records = [...recordingRules(defaultSettings).groups, ...alertRules(defaultSettings).groups]
  .flatMap(({ rules }) => rules)
  .map((rule) => ('record' in rule ? rule.record : rule.alert));

const variants = (['classic', 'native'] as const).flatMap((histograms) =>
  dashboardPlans(undefined, histograms).map((plan) => ({ histograms, plan })),
);

for (const { histograms, plan } of variants) {
  describe(`the dashboard ${plan.title} with ${histograms} histograms`, () => {
    const dashboard = buildDashboard(plan, { ...defaultSettings, labels: filterLabels([]) });
    const panels = dashboard.panels as unknown as readonly BuiltPanel[];

    it('gives each panel an id, a position, a one-line description, and a text for empty results', () => {
      expect(panels.map(({ id }) => id)).to.deep.equal(panels.map((_panel, index) => index + 1));
      for (const { title, description, gridPos, fieldConfig } of panels) {
        expect(description, title).to.match(/^[A-Z].+\.$/);
        expect(fieldConfig.defaults.noValue, title).to.match(/\w/);
        expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
      }
      const places = panels.map(({ gridPos: { x, y } }) => `${x}/${y}`);
      expect(new Set(places).size).to.equal(panels.length);
    });

    it("queries metrics of the catalog with Grafana's ranges, or recorded series", () => {
      const names = new Set(Object.values(catalog).map(({ name }): string => name));
      for (const { title, targets } of panels) {
        expect(targets.map(({ refId }) => refId)).to.deep.equal([...'ABCDE'].slice(0, targets.length));
        for (const { expr } of targets) {
          const [raw, recorded] = [expr.replace(recordedSeries, ''), expr.match(recordedSeries) ?? []];
          expect(records, title).to.include.members(recorded);
          expect(recorded.length > 0, title).to.equal(plan.recordedOnly === true && !/\bup\b/.test(expr));
          for (const [name] of raw.matchAll(/tinyllm_\w+/g)) {
            expect(
              names.has(name.replace(/_(bucket|sum|count)$/, '')) || names.has(name),
              `${title}: ${name}`,
            ).to.equal(true);
          }
          for (const [, range] of expr.matchAll(/\[([^\]]+)\]/g)) {
            expect(range, title).to.be.oneOf(['$__rate_interval', '$__range']);
          }
        }
      }
    });

    it('has variables for data source, job, model and graph', () => {
      const variables = dashboard.templating.list as readonly { readonly name: string }[];
      expect(variables.map(({ name }) => name)).to.deep.equal(
        plan.recordedOnly ? ['datasource', 'job'] : ['datasource', 'job', 'model', 'graph'],
      );
    });

    it('lets "All" mean the jobs of TinyLLM in the job variable, and every value for models and graphs', () => {
      const variables = dashboard.templating.list as readonly { readonly name: string; readonly allValue?: string }[];
      for (const { name, allValue } of variables) {
        expect(allValue, name).to.equal(name === 'model' || name === 'graph' ? '.*' : undefined);
      }
    });

    it('links only to alerts of the runbook', () => {
      const alerts = alertPlans(defaultSettings).map(({ name }) => name);
      for (const { title, alert } of plan.panels) {
        if (alert !== undefined) expect(alerts, title).to.include(alert);
      }
    });
  });
}

describe('dashboards with additional labels', () => {
  interface Variable {
    readonly name: string;
    readonly label: string;
    readonly query: { readonly query: string };
    readonly allValue: string;
    readonly multi: boolean;
    readonly includeAll: boolean;
  }

  const labels = ['tenant', 'provider'];
  const built = dashboardPlans(filterLabels(labels)).map((plan) => ({
    plan,
    dashboard: buildDashboard(plan, { ...defaultSettings, labels: filterLabels(labels) }),
  }));
  const variablesOf = (name: string) => {
    const found = built.find(({ plan }) => plan.name === name)!;
    return found.dashboard.templating.list as unknown as readonly Variable[];
  };

  it('have a variable for each label, except the dashboard whose metrics have no additional labels', () => {
    for (const name of ['overview', 'dev', 'business']) {
      const names = variablesOf(name).map((variable) => variable.name);
      expect(names, name).to.deep.equal(['datasource', 'job', 'model', 'graph', 'tenant', 'provider']);
    }
    expect(variablesOf('ops').map(({ name }) => name)).to.deep.equal(['datasource', 'job', 'model', 'graph']);
    expect(variablesOf('fleet').map(({ name }) => name)).to.deep.equal(['datasource', 'job', 'tenant', 'provider']);
  });

  it('offer the values of calls, several at once, and "All", which includes series without the label', () => {
    const counted = [catalog.requests, catalog.nodeExecutions, catalog.graphExecutions, catalog.toolCalls];
    const selectors = {
      overview: `{__name__=~"${counted.map(({ name }) => name).join('|')}", job=~"$job"}`,
      fleet: 'job_tenant_provider:tinyllm_requests:rate5m{job=~"$job"}',
    };
    for (const [dashboard, selector] of Object.entries(selectors)) {
      const { label, query, allValue, multi, includeAll } = variablesOf(dashboard).find(
        ({ name }) => name === 'tenant',
      )!;
      expect({ label, query: query.query, allValue, multi, includeAll }).to.deep.equal({
        label: 'tenant',
        query: `label_values(${selector}, tenant)`,
        allValue: '.*',
        multi: true,
        includeAll: true,
      });
    }
  });

  it('filter each selector of requests, nodes, graphs and tools by the labels that it fills, and no other selector', () => {
    const metrics = new Map<string, QueriedMetric>(Object.values(catalog).map((metric) => [metric.name, metric]));
    const expectedFilters = (name: string) => {
      if (/^job_(?:\w*_)?tenant_provider/.test(name)) return labels;
      const metric = metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''));
      return metric === undefined ? [] : filterLabelsOf(metric, filterLabels(labels));
    };
    for (const { plan } of built) {
      for (const { title, queries } of plan.panels) {
        for (const { expression } of queries) {
          for (const [, name = '', matchers = ''] of expression.matchAll(/\b((?:job\w*:)?\w+(?::\w+)?)\{([^}]*)\}/g)) {
            const filters = [...matchers.matchAll(/(\w+)=~"\$\1"/g)].map(([, label]) => label);
            const own = filters.filter((label) => !['job', 'model', 'graph'].includes(label!));
            expect(own, `${title}: ${name}`).to.deep.equal(expectedFilters(name));
          }
        }
      }
    }
  });

  it('compare the values of each label in a row of the Business dashboard', () => {
    const { dashboard } = built.find(({ plan }) => plan.name === 'business')!;
    const panels = dashboard.panels as unknown as readonly BuiltPanel[];
    const [tenant, provider] = panels.slice(-2);
    expect([tenant?.title, provider?.title]).to.deep.equal(['By tenant', 'By provider']);
    expect(tenant?.gridPos).to.deep.include({ x: 0, w: 24 });
    expect(provider?.gridPos).to.deep.equal({ ...tenant!.gridPos, y: tenant!.gridPos.y + tenant!.gridPos.h });
    expect(tenant?.options?.sortBy).to.deep.equal([{ displayName: 'Requests', desc: true }]);
    expect(tenant?.targets).to.have.length(5);
    for (const { expr } of tenant?.targets ?? []) {
      expect(expr).to.match(/^label_replace\(.+ and topk\(20, .+, "tenant", "\(none\)", "tenant", ""\)$/);
      expect(expr).to.contain('sum by (tenant');
    }
  });

  it('use only series that the rules record', () => {
    const settings = { ...defaultSettings, labels };
    const names = [...recordingRules(settings).groups, ...alertRules(settings).groups]
      .flatMap(({ rules }) => rules)
      .map((rule) => ('record' in rule ? rule.record : rule.alert));
    const used = JSON.stringify(built.map(({ plan }) => plan.panels)).match(recordedSeries) ?? [];
    expect(used).not.to.have.length(0);
    expect(names).to.include.members(used);
  });
});

describe('the dashboards together', () => {
  it("match Grafana's types, including the options of each panel type", function () {
    this.timeout(30_000);
    const dashboards = [false, true].flatMap((nativeHistograms) =>
      [...monitoringFiles({ labels: ['tenant'], nativeHistograms })]
        .filter(([path]) => path.startsWith('grafana/dashboards/'))
        .map(([path, json]) => [`${basename(path, '.json')}${nativeHistograms}`, json] as const),
    );
    expect(dashboards).to.have.length(12);
    const broken = { schemaVersion: 42, graphTooltip: 9, panels: [{ type: 'stat', options: { colorMode: 'loud' } }] };
    const faults = schemaFaults(new Map([...dashboards, ['broken', JSON.stringify(broken)]]));
    expect(faults).to.have.length(2);
    expect(faults[0]).to.equal("Type '9' is not assignable to type 'DashboardCursorSync | undefined'.");
    expect(faults[1]).to.match(/^Type '"loud"' is not assignable to type .*"background_solid"/);
  });

  it('show every metric of the catalog', () => {
    for (const histograms of ['classic', 'native'] as const) {
      const plans = dashboardPlans(undefined, histograms);
      const shown = JSON.stringify(plans.map(({ panels }) => panels.map(({ queries }) => queries)));
      const unseen = Object.values(catalog)
        .map(({ name }) => name)
        .filter((name) => !shown.includes(name));
      expect(unseen, histograms).to.deep.equal([]);
    }
  });
});
