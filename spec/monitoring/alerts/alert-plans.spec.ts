import { expect } from 'chai';
import { alertPlans } from '../../../lib/monitoring/alerts/alert-plans.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

describe('the alerts', () => {
  const plans = alertPlans(defaultSettings);

  it('have unique names, a meaning, checks and fixes', () => {
    expect(new Set(plans.map(({ name }) => name)).size).to.equal(plans.length);
    for (const { name, summary, meaning, lookAt, act } of plans) {
      expect(name).to.match(/^TinyLLM[A-Z]\w+$/);
      for (const text of [summary, meaning, ...lookAt, ...act]) expect(text, name).to.match(/[.?]$/);
      expect([lookAt.length, act.length], name).not.to.include(0);
    }
  });

  it("have test cases in which they fire and in which they don't", () => {
    for (const { name, cases } of plans) {
      expect(
        cases.filter(({ fires }) => fires.length > 0),
        name,
      ).not.to.have.length(0);
      expect(
        cases.filter(({ fires }) => fires.length === 0),
        name,
      ).not.to.have.length(0);
    }
  });

  it('use only their own labels in the summary', () => {
    for (const { name, summary, cases } of plans) {
      const labels = cases.flatMap(({ fires }) => fires.flatMap(Object.keys));
      for (const [, label] of summary.matchAll(/\$labels\.(\w+)/g)) expect(labels, name).to.include(label);
    }
  });

  it('state the burn rate at which they fire', () => {
    const meaningWith = (share: number) =>
      alertPlans({ ...defaultSettings, availability: { share } }).find(
        ({ name }) => name === 'TinyLLMErrorBudgetBurnFast',
      )?.meaning;
    expect(meaningWith(0.99)).to.contain('more than 14.4 times').and.to.contain('more than 6 times');
    expect(meaningWith(0.9)).to.contain('more than 9 times').and.to.contain('more than 6 times');
  });
});
