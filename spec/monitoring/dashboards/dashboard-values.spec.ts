import { expect } from 'chai';
import {
  type DashboardValues,
  dashboardValues,
  fillTemplate,
  placeholders,
} from '../../../lib/monitoring/dashboards/dashboard-values.js';
import { filterLabels } from '../../../lib/monitoring/queries/additional-labels.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

describe('dashboardValues', () => {
  it('contains the data source, the job, and the objectives in the runbook', () => {
    const values = dashboardValues({
      ...defaultSettings,
      datasource: 'Thanos',
      job: 'assistants',
      availability: { share: 0.9995 },
      latency: { seconds: 2.5, share: 0.9 },
    });
    expect(values).to.deep.include({ datasource: 'Thanos', job: 'assistants', histograms: 'classic' });
    expect(values.runbook)
      .to.contain('`assistants`')
      .and.to.contain('99.95%')
      .and.to.contain('90% finish within 2.5 s');
  });
});

describe('fillTemplate', () => {
  const values: DashboardValues = {
    datasource: '"$&"\n',
    job: placeholders.datasource,
    runbook: '# Runbook',
    labels: filterLabels([]),
    histograms: 'classic',
  };

  it('replaces placeholders in values, also inside a longer text, and keeps everything else', () => {
    const { datasource, runbook } = placeholders;
    const template = {
      b: [datasource, 1, null, true],
      a: { text: `Read ${runbook}: ${runbook}` },
      job: '{{job}} <job>',
    };
    const text = fillTemplate(template, values);
    const filled = { b: ['"$&"\n', 1, null, true], a: { text: 'Read # Runbook: # Runbook' }, job: '{{job}} <job>' };
    expect(text).to.equal(`${JSON.stringify(filled, undefined, 2)}\n`);
  });

  it('does not search values for placeholders', () => {
    expect(fillTemplate([placeholders.job], values)).to.equal('[\n  "<tinyllm:datasource>"\n]\n');
  });

  it('selects the texts for the kind of histograms, and fills in their placeholders', () => {
    const text = { '<tinyllm:classic>': `a_bucket ${placeholders.runbook}`, '<tinyllm:native>': 'a' };
    const template = { targets: [{ expr: text, title: text }] };
    const filled = (text: string) => `${JSON.stringify({ targets: [{ expr: text, title: text }] }, undefined, 2)}\n`;
    expect(fillTemplate(template, values)).to.equal(filled('a_bucket # Runbook'));
    expect(fillTemplate(template, { ...values, histograms: 'native' })).to.equal(filled('a'));
  });

  const label = placeholders.labels.requests[0]!;
  const filledWith = (template: object, ...labels: readonly string[]) =>
    JSON.parse(fillTemplate(template, { ...values, labels: filterLabels(labels) }));

  it('repeats the texts and the variable of the placeholder for each label', () => {
    const template = {
      list: [{ name: 'job' }, { name: label, query: `label_values(job_${label}:a{b="c"}, ${label})` }],
      expression: `a{b="c", ${label}=~"$${label}"}`,
    };
    expect(filledWith(template)).to.deep.equal({ list: [{ name: 'job' }], expression: 'a{b="c"}' });
    expect(filledWith(template, 'tenant', 'Tier2')).to.deep.equal({
      list: [
        { name: 'job' },
        { name: 'tenant', query: 'label_values(job_tenant_Tier2:a{b="c"}, tenant)' },
        { name: 'Tier2', query: 'label_values(job_tenant_Tier2:a{b="c"}, Tier2)' },
      ],
      expression: 'a{b="c", tenant=~"$tenant", Tier2=~"$Tier2"}',
    });
  });

  it('places the panels of labels below each other', () => {
    const panel = {
      id: 7,
      gridPos: { x: 0, y: 40, h: 8 },
      title: `By ${label}`,
      expression: `sum by (${label}) (a{b="c", ${label}=~"$${label}"})`,
    };
    expect(filledWith([{ id: 6, title: 'Cost' }, panel])).to.deep.equal([{ id: 6, title: 'Cost' }]);
    const filter = 'a=~"$a", b=~"$b"';
    expect(filledWith([panel], 'a', 'b')).to.deep.equal([
      { ...panel, title: 'By a', expression: `sum by (a) (a{b="c", ${filter}})` },
      { id: 8, gridPos: { x: 0, y: 48, h: 8 }, title: 'By b', expression: `sum by (b) (a{b="c", ${filter}})` },
    ]);
  });

  it('filters nodes, graphs and tools only by labels that they fill', () => {
    const [own] = placeholders.labels.executions;
    const template = [`a{b="c", ${own}=~"$${own}"}`];
    expect(filledWith(template, 'provider')).to.deep.equal(['a{b="c"}']);
    expect(filledWith(template, 'provider', 'tenant')).to.deep.equal(['a{b="c", tenant=~"$tenant"}']);
  });
});
