import { expect } from 'chai';
import fc from 'fast-check';
import { promptTemplateSchema } from '../../../lib/executor/graph/prompt-template.js';
import { refused } from '../../support/refused-graph.js';

describe('promptTemplateSchema', () => {
  const render = (text: string, question: string, results: Readonly<Record<string, string>> = {}) =>
    promptTemplateSchema.parse(text).render({ question, results: new Map(Object.entries(results)), answer: undefined });

  it('puts the question and results in their places', () => {
    expect(render('Q: {{question}} ({{ results.calc }})', 'why', { calc: '4' })).to.equal('Q: why (4)');
  });

  it('renders a result that is not there as nothing', () => {
    expect(render('[{{results.calc}}]', 'why')).to.equal('[]');
  });

  it('puts in any question as it stands, braces and dollar signs too', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('{{results.calc}}', '$&$1', '{{question}}')), (question) => {
        expect(render('<{{question}}>', question, { calc: 'x' })).to.equal(`<${question}>`);
      }),
    );
  });

  it('lists the results it speaks of', () => {
    expect(promptTemplateSchema.parse('{{results.a}} {{question}} {{results.b-1}}').results).to.deep.equal([
      'a',
      'b-1',
    ]);
  });

  it('reads braces that never close in one go', () => {
    for (const text of ['{{'.repeat(50_000), `{{${' '.repeat(100_000)}`, '{{ a'.repeat(50_000)]) {
      expect(render(text, 'why')).to.equal(text);
    }
  });

  it('refuses anything else between double braces, at its place', () => {
    const text = 'name: a\nnodes:\n  m:\n    kind: model\n    system: ▸"Hi {{user}}"\nedges: []';
    expect(refused(text)).to.match(/nodes\.m\.system is "Hi {{user}}"; expected {{question}} or .*, not "{{user}}"\.$/);
  });
});
