import { expect } from 'chai';
import { pathName } from '../../../lib/core/yaml/path-name.js';

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
