import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { WebConfigError } from '../../../lib/core/errors/errors.js';
import { type YamlKind, YamlSource } from '../../../lib/core/yaml/yaml-source.js';
import { GraphError } from '../../../lib/executor/errors/graph-errors.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

const graph: YamlKind = { noun: 'graph', refusal: GraphError };

describe('YamlSource', () => {
  const invalidTexts: readonly [what: string, text: string, message: RegExp][] = [
    ['a broken list', 'name: [a▸', /not valid YAML: /],
    ['a tab as indentation', '▸\tname: a', /not valid YAML: .*[Tt]ab/],
    ['an unknown tag', 'name: ▸!!js/function a', /not valid YAML: .*tag/],
    ['a duplicate key', 'nodes:\n  a: 1\n  ▸a: 2', /the key "a" occurs a second time here; rename or remove/],
    ['a duplicate quoted key', 'nodes:\n  "a": 1\n  ▸"a": 2', /the key "a" occurs a second time here/],
    ['a second document', 'name: a\n▸---\nname: b', /a second document starts here; expected one graph per file/],
    ['an alias without an anchor', 'name: ▸*nowhere', /the alias "nowhere" has no anchor before it; add one/],
    ['a list as a key', '▸[a, b]: 1', /a list is used as a key here; expected a word/],
    ['a map as a key', 'a: { ▸{ b: 1 }: 2 }', /a map is used as a key here/],
    ['a map as an explicit key', 'a:\n  ? ▸b: 1\n  : 2', /a map is used as a key here/],
    [
      'a placeholder without quotes',
      'prompt: {▸{question}}',
      /a map .* Put a text with braces or brackets in quotes\.$/,
    ],
    ['an alias of a list as a key', 'a: &a [1]\n▸*a : 2', /a list is used as a key here/],
    ['a key that would change the prototype', 'nodes:\n  ▸__proto__: {}', /"__proto__" cannot be a key/],
  ];
  for (const [what, text, message] of invalidTexts) {
    it(`rejects ${what}`, () => expect(graphErrorMessage(text)).to.match(message));
  }

  it('rejects too deep nesting immediately, with its position', () => {
    for (const deep of ['[', '{a: ', '- ', '? ']) {
      const error = caught(() => new YamlSource(deep.repeat(200_000), graph));
      expect(error, deep).to.be.instanceOf(GraphError);
      expect((error as GraphError).message).to.match(
        /^1:\d+: the nesting is too deep here; expected at most 64 levels\.$/,
      );
    }
  });

  it('rejects too many aliases', () => {
    const text = `a: &a 1\nb: [${'*a, '.repeat(100)}▸*a, ${'*a, '.repeat(50_000)}]`;
    expect(graphErrorMessage(text)).to.match(/more than 100 aliases; replace some of them with their values/);
  });

  it('rejects aliases that expand to too many values', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(() => new YamlSource(lines.join('\n'), graph)).to.throw(
      GraphError,
      /the aliases expand to too many values; replace them with their values/,
    );
  });

  it('handles an alias to its own parent', () => {
    expect(graphErrorMessage('name: a\nnodes: &n\n  entry: { kind: entry }\n  ▸again: *n\nedges: []')).to.match(
      /nodes\.again/,
    );
  });

  it('reports a missing value at the nearest existing parent', () => {
    const source = new YamlSource('a:\n  - b: 1\n    c: { d: 2 }\n', graph);
    const place = (...path: PropertyKey[]) => {
      const { line, column } = source.error({ path, message: 'x' });
      return `${line}:${column}`;
    };
    expect(place()).to.equal('1:1');
    expect(place('nothing')).to.equal('1:1');
    expect(place('a')).to.equal('1:1');
    expect(place('a', 0)).to.equal('2:5');
    expect(place('a', 0, 'b')).to.equal('2:8');
    expect(place('a', 0, 'c')).to.equal('3:5');
    expect(place('a', 0, 'c', 'd')).to.equal('3:13');
    expect(place('a', 0, 'c', 'e', 'f')).to.equal('3:5');
    expect(place('a', 7)).to.equal('1:1');
  });

  it('follows an alias to the position of a value', () => {
    const source = new YamlSource('a: &x { b: 1 }\nc: *x\n', graph);
    expect(source.error({ path: ['c', 'b'], message: 'x' }).line).to.equal(1);
    expect(source.error({ path: ['c'], message: 'x' })).to.include({ line: 2, column: 4 });
  });

  it('never quotes a document with secrets', () => {
    const kind: YamlKind = { noun: 'web configuration', refusal: WebConfigError, secret: true };
    for (const text of [
      'a: *hunter2',
      'a: [hunter2',
      'a: !hunter2 b',
      'hunter2: a\nhunter2: b',
      'a: "hunter2\nb: hunter2',
    ]) {
      const error = caught(() => new YamlSource(text, kind));
      expect(error, text).to.be.instanceOf(WebConfigError);
      expect(inspect(error), text).not.to.include('hunter2');
    }
  });

  it('returns data or throws a GraphError with a position for any text', () => {
    const yamlish = fc.stringMatching(/^[a-c:{}[\],&*!|>'"%@#?\-\t\n ]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        try {
          new YamlSource(text, graph);
        } catch (error) {
          expect(error).to.be.instanceOf(GraphError);
          expect((error as GraphError).line).to.be.at.least(1);
          expect((error as GraphError).column).to.be.at.least(1);
          expect((error as GraphError).message).not.to.include('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
