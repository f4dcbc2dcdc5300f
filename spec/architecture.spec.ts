import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { specsWithoutSource } from './support/architecture.js';
import * as rules from './support/architecture-rules.js';
import * as importRules from './support/import-rules.js';
import { parseSource, readSources, type SourceFile } from './support/source-file.js';

interface RuleCase {
  readonly title: string;
  readonly rule: rules.Rule;
  /** Texts of invented files that violate the rule, by path. */
  readonly broken: Readonly<Record<string, string>>;
  /** The number of violations in these files. Default: 1. */
  readonly faults?: number;
}

const cases: readonly RuleCase[] = [
  {
    title: 'rooms import only the rooms in the table, and no other package by a relative path',
    rule: importRules.importsFollowTheTable,
    broken: {
      'lib/core/metrics/a.ts': "import { b } from '../collector/b.js';",
      'lib/core/metrics/b.ts': "const b = await import('../server/b.js');",
      'lib/core/metrics/c.ts': "export { c } from '../catalog/c.js';",
      'lib/core/errors/a.ts': "import type { Cell } from '../metrics/cell.js';",
      'lib/core/catalog/a.ts': "import { Cell } from '../metrics/cell.js';",
      'lib/core/attic/a.ts': 'export const a = 1;',
      'lib/attic/a.ts': 'export const a = 1;',
      'lib/core/push/a.ts': "import { a } from '../index.js';",
      'lib/hub/server/a.ts': "import { a } from '../../core/server/a.js';",
      'cli/main.ts': "import { x } from '../spec/x.js';",
    },
    faults: 10,
  },
  {
    title: 'packages import only declared entries of the packages in the table',
    rule: importRules.packagesImportDeclaredEntries,
    broken: {
      'lib/proxy/forwarding/a.ts': "import { a } from '@tinyllm/executor';",
      'lib/core/server/a.ts': "import { a } from '@tinyllm/hub';",
      'lib/hub/server/a.ts': "import { a } from 'tinyllm/server/http-server.js';",
      'lib/hub/server/b.ts': "import { a } from 'tinyllm/server';",
    },
    faults: 3,
  },
  {
    title: 'few files are fragments, and no room consists mainly of fragments',
    rule: importRules.fewFragments,
    broken: {
      'lib/core/push/a.ts': ["import './b.js';", "import './c.js';", "import './d.js';"].join('\n'),
      'lib/core/push/b.ts': '',
      'lib/core/push/c.ts': '',
      'lib/core/push/d.ts': '',
    },
    faults: 2,
  },
  {
    title: 'there are no import cycles',
    rule: rules.noCycles,
    broken: {
      'lib/graph/a.ts': "import { b } from './b.js';",
      'lib/graph/b.ts': "import type { C } from './c.js';",
      'lib/graph/c.ts': "import { a } from './a.js';",
    },
  },
  {
    title: 'there are no default exports',
    rule: rules.noDefaultExports,
    broken: {
      'lib/a.ts': 'export default 1;',
      'lib/b.ts': 'export default class B {}',
      'lib/c.ts': 'const c = 1; export { c as default };',
    },
    faults: 3,
  },
  {
    title: 'there are no barrel files, and package entries export explicit names',
    rule: rules.noBarrels,
    broken: {
      'lib/graph/all.ts': "export { a } from './a.js';",
      'lib/core/index.ts': "export * from './errors.js';\nexport const here = 1;",
    },
    faults: 3,
  },
  {
    title: 'files are short',
    rule: rules.filesAreShort,
    broken: { 'lib/a.ts': 'a;\n'.repeat(251), 'lib/b.ts': 'b;\n'.repeat(81) },
    faults: 2,
  },
  {
    title: 'the library neither prints nor exits, and only one file of the command line does each',
    rule: rules.onlyTheCommandLinePrintsAndExits,
    broken: {
      'lib/a.ts': "console.log('a'); process.exit(1); process.stderr.write('a'); process.kill(1, 0);",
      'cli/terminal/output.ts': "process.stdout.write('a'); process.exitCode = 1; process.kill(1);",
      'cli/commands/b.ts': "console.error('b');",
      'cli/commands/top/terminal-session.ts': "process.kill(0, 'SIGTSTP');",
    },
    faults: 6,
  },
  {
    title: 'metric names are written only in the catalog',
    rule: rules.metricNamesOnlyInTheCatalog,
    broken: {
      'lib/a.ts': "const a = 'tinyllm_requests_total';\nconst b = `tinyllm_queue`;",
      'lib/b.ts': ['const b = `tinyllm_', "{'queue'}_size`;"].join('$'),
      'lib/core/catalog/c.ts': "const c = 'tinyllm_requests_total';",
    },
    faults: 3,
  },
  {
    title: 'file names are kebab-case',
    rule: rules.kebabCaseNames,
    broken: { 'lib/graph/LoadGraph.ts': '', 'lib/my_graph/load-graph.ts': '', 'lib/graph/load-graph.ts': '' },
    faults: 2,
  },
  {
    title: 'there is no top-level await',
    rule: rules.noTopLevelAwait,
    broken: {
      'lib/a.ts': "const a = await import('./b.js');",
      'lib/b.ts': 'if (x) for await (const y of x) y();',
      'lib/c.ts': 'async function c() { await d(); }',
    },
    faults: 2,
  },
];

describe('the architecture', () => {
  const sources = [...readSources('lib'), ...readSources('cli')];
  const specs = readSources('spec');

  for (const { title, rule, broken, faults = 1 } of cases) {
    it(title, () => {
      expect(rule(sources), 'faults of the project').to.deep.equal([]);
      const invented = Object.entries(broken).map(([path, text]): SourceFile => parseSource(path, text));
      expect(rule(invented), 'faults of the invented files').to.have.length(faults);
    });
  }

  it('the manifests of the packages match the table', () => {
    expect(importRules.manifestFaults()).to.deep.equal([]);
  });

  it('the paths of specs mirror the paths of sources', () => {
    const strays = specs
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.spec.ts') && !path.startsWith('spec/e2e/'))
      .filter((path) => !specsWithoutSource.includes(path))
      .filter((path) => !existsSync(sourceOf(path)));
    expect(strays).to.deep.equal([]);
  });

  it('specs have kebab-case names and no default exports', () => {
    expect(rules.kebabCaseNames(specs)).to.deep.equal([]);
    expect(rules.noDefaultExports(specs)).to.deep.equal([]);
  });
});

function sourceOf(spec: string): string {
  const path = spec.replace(/^spec\//, '').replace(/\.spec\.ts$/, '.ts');
  return path.startsWith('cli/') ? path : `lib/${path}`;
}
