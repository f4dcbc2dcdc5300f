import { expect } from 'chai';
import fc from 'fast-check';
import { promptTemplateSchema } from '../../../lib/executor/graph/prompt-template.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

describe('promptTemplateSchema', () => {
  const render = (text: string, question: string, results: Readonly<Record<string, string>> = {}) =>
    promptTemplateSchema.parse(text).render({ question, results: new Map(Object.entries(results)), answer: undefined });

  it('replaces the placeholders with the question and results', () => {
    expect(render('Q: {{question}} ({{ results.calc }})', 'why', { calc: '4' })).to.equal('Q: why (4)');
  });

  it('renders a missing result as an empty string', () => {
    expect(render('[{{results.calc}}]', 'why')).to.equal('[]');
  });

  it('inserts any question unchanged, including braces and dollar signs', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('{{results.calc}}', '$&$1', '{{question}}')), (question) => {
        expect(render('<{{question}}>', question, { calc: 'x' })).to.equal(`<${question}>`);
      }),
    );
  });

  it('lists the results that it uses', () => {
    expect(promptTemplateSchema.parse('{{results.a}} {{question}} {{results.b-1}}').results).to.deep.equal([
      'a',
      'b-1',
    ]);
  });

  it('parses unclosed braces in linear time', () => {
    for (const text of ['{{'.repeat(50_000), `{{${' '.repeat(100_000)}`, '{{ a'.repeat(50_000)]) {
      expect(render(text, 'why')).to.equal(text);
    }
  });

  it('rejects other text between double braces, with its position', () => {
    const text = 'name: a\nnodes:\n  m:\n    kind: model\n    system: ▸"Hi {{user}}"\nedges: []';
    expect(graphErrorMessage(text)).to.match(
      /nodes\.m\.system is "Hi {{user}}"; expected {{question}} or .*, not "{{user}}"\.$/,
    );
  });
});
