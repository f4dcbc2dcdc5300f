import { expect } from 'chai';
import { dashboardValues, fillTemplate, placeholders } from '../../../lib/monitoring/dashboards/dashboard-values.js';
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
    expect(values).to.deep.include({ datasource: 'Thanos', job: 'assistants' });
    expect(values.runbook)
      .to.contain('`assistants`')
      .and.to.contain('99.95%')
      .and.to.contain('90% finish within 2.5 s');
  });
});

describe('fillTemplate', () => {
  const values = { datasource: '"$&"\n', job: placeholders.datasource, runbook: '# Runbook', labels: [] };

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

  it('repeats the texts and the variable of the placeholder for each label', () => {
    const label = placeholders.labels[0]!;
    const template = {
      list: [{ name: 'job' }, { name: label, query: `label_values(job_${label}:a{b="c"}, ${label})` }],
      expression: `a{b="c", ${label}=~"$${label}"}`,
    };
    const filledWith = (...labels: readonly string[]) => JSON.parse(fillTemplate(template, { ...values, labels }));
    expect(filledWith()).to.deep.equal({ list: [{ name: 'job' }], expression: 'a{b="c"}' });
    expect(filledWith('tenant', 'Tier2')).to.deep.equal({
      list: [
        { name: 'job' },
        { name: 'tenant', query: 'label_values(job_tenant_Tier2:a{b="c"}, tenant)' },
        { name: 'Tier2', query: 'label_values(job_tenant_Tier2:a{b="c"}, Tier2)' },
      ],
      expression: 'a{b="c", tenant=~"$tenant", Tier2=~"$Tier2"}',
    });
  });
});
