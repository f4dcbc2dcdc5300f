import { expect } from 'chai';
import { pathName, shownValue, unknownKeyText } from '../../../lib/core/yaml/problem-text.js';

describe('pathName', () => {
  const cases: readonly [path: readonly PropertyKey[], name: string][] = [
    [[], ''],
    [['nodes'], 'nodes'],
    [['nodes', 'router', 'keywords', 0], 'nodes.router.keywords[0]'],
    [['nodes', 'a b', 'kind'], 'nodes["a b"].kind'],
    [['a.b'], '["a.b"]'],
    [['x'.repeat(65)], `["${'x'.repeat(59)}…"]`],
  ];
  for (const [path, name] of cases) {
    it(`writes ${JSON.stringify(path).slice(0, 40)} as ${JSON.stringify(name).slice(0, 40)}`, () => {
      expect(pathName(path)).to.equal(name);
    });
  }
});

describe('shownValue', () => {
  const cases: readonly [value: unknown, quoted: string, hidden: string][] = [
    [undefined, 'missing', 'missing'],
    [null, 'empty', 'empty'],
    [[], 'an empty list', 'an empty list'],
    [['secret'], 'a list', 'a list'],
    [{}, 'an empty map', 'an empty map'],
    [{ key: 'secret' }, 'a map', 'a map'],
    ['secret', '"secret"', 'a text'],
    [42, '42', 'a number'],
    [true, 'true', 'a boolean'],
  ];
  for (const [value, quoted, hidden] of cases) {
    it(`describes ${JSON.stringify(value)} as ${quoted}, and without quoting as ${hidden}`, () => {
      expect([shownValue(value, true), shownValue(value, false)]).to.deep.equal([quoted, hidden]);
    });
  }
});

describe('unknownKeyText', () => {
  it('names the known keys, and the most similar one', () => {
    expect(unknownKeyText('cert_flie', ['cert_file', 'key_file'])).to.equal(
      'unknown key "cert_flie"; expected cert_file, key_file. Did you mean "cert_file"?',
    );
  });
});
