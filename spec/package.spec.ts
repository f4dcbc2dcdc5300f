import { access, constants, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { packages } from './support/architecture.js';
import { runNode } from './support/run-node.js';
import { staticImports } from './support/static-imports.js';

/** Runs an ES module in the project's root and parses the JSON that it prints. */
async function evaluate(code: string): Promise<unknown> {
  const run = await runNode(['--input-type=module', '--eval', code]);
  expect(run.stderr).to.equal('');
  return JSON.parse(run.stdout);
}

describe('the packages in tests', () => {
  it('resolve to their sources, so that a test process has only one registry', async () => {
    for (const { name, folder, entries } of packages) {
      for (const [entry, file] of Object.entries(entries)) {
        const url = import.meta.resolve(join(name, entry));
        expect(url, name).to.equal(pathToFileURL(join(folder, file)).href);
      }
    }
    const [byName, byPath] = [await import('tinyllm'), await import('../lib/core/index.js')];
    expect(byName.registry).to.equal(byPath.registry);
    expect(byName.TrackNode).to.equal(byPath.TrackNode);
  });
});

describe('the built package', function () {
  this.timeout(30_000);

  it('exports the public names', async () => {
    const names = await evaluate("console.log(JSON.stringify(Object.keys(await import('tinyllm'))))");
    expect(names).to.include.members([
      ...['TrackNode', 'TrackGraph', 'TrackRequest', 'getTrackedMethods'],
      ...['getMetricsCollector', 'registry', 'startMetricsServer', 'configureMetrics'],
    ]);
  });

  it("imports only one module of one other package: prom-client's registry", () => {
    const packages = [...staticImports('lib/core/dist/index.js')].filter((name) => !/^lib\/|^node:/.test(name));
    expect(packages).to.deep.equal(['prom-client-original/lib/registry.js']);
  });

  it('has a command that npm can link before the first build', async () => {
    const launcher = 'cli/bin/tinyllm.js';
    await access(launcher, constants.X_OK);
    expect([...staticImports(launcher)]).to.deep.equal(['node:fs']);
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-unbuilt-'));
    try {
      await cp(launcher, join(folder, launcher));
      const run = await runNode([join(folder, launcher)]);
      expect(run).to.deep.include({ code: 1, stdout: '' });
      expect(run.stderr).to.match(/^tinyllm is not built; run `npm install`[^\n]*\n$/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is the same module for import and require', async () => {
    const same = await evaluate(`
      import { createRequire } from 'node:module';
      import { getMetricsCollector, registry } from 'tinyllm';
      const required = createRequire(process.cwd() + '/x.js')('tinyllm');
      console.log(JSON.stringify([
        required.registry === registry,
        required.getMetricsCollector() === getMetricsCollector(),
      ]));
    `);
    expect(same).to.deep.equal([true, true]);
  });

  const copies: Readonly<Record<string, string>> = {
    'two copies': 'dist/index.js',
    'its ES module and its CommonJS version': 'dist/commonjs/index.js',
  };
  for (const [title, file] of Object.entries(copies)) {
    it(`shares one registry and one set of series when a process loads ${title}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tinyllm-copy-'));
      try {
        await cp('lib/core/dist', join(folder, 'dist'), { recursive: true });
        await cp('lib/core/package.json', join(folder, 'package.json'));
        await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'dir');
        const facts = await evaluate(`
          import * as first from 'tinyllm';
          import * as second from '${pathToFileURL(join(folder, file)).href}';
          const copies = [first, second];
          for (const { getMetricsCollector } of copies) getMetricsCollector().incrementCacheHit({ cacheType: 'response' });
          const model = { _llmType: () => 'fake', invoke: async () => ({}) };
          for (const { instrumentModel } of copies) instrumentModel(model);
          class Agent { first() {} second() {} }
          for (const [method, { TrackNode }] of [['first', first], ['second', second]]) {
            const wrapped = TrackNode()(Agent.prototype, method, Object.getOwnPropertyDescriptor(Agent.prototype, method));
            Object.defineProperty(Agent.prototype, method, wrapped);
            new Agent()[method]();
          }
          const text = await first.registry.metrics();
          console.log(JSON.stringify({
            isCopy: first.TrackNode !== second.TrackNode,
            sharesRegistry: first.registry === second.registry,
            handlers: model.callbacks.length,
            tracked: copies.map(({ getTrackedMethods }) => getTrackedMethods(Agent).length),
            isError: new second.ListenError('h', 1, 'm') instanceof first.ListenError,
            lines: text.split('\\n').filter((line) => /^tinyllm_(?:cache_hits|node_executions)_total\\{/.test(line)),
          }));
        `);
        expect(facts).to.deep.equal({
          isCopy: true,
          sharesRegistry: true,
          handlers: 1,
          tracked: [2, 2],
          isError: true,
          lines: [
            'tinyllm_node_executions_total{node="Agent",graph="default"} 2',
            'tinyllm_cache_hits_total{cache_type="response"} 2',
          ],
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
