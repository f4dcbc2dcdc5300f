import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { packages } from '../support/architecture.js';
import { needNode, nodeVersions } from '../support/node-versions.js';
import { PackedPackages } from '../support/packed-package.js';

const execute = promisify(execFile);

/** The compiler's own declarations. All programs use them, so they are parsed only once. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles a file as a user does, with `skipLibCheck` off. Returns the errors in the file and in TinyLLM's
 * declarations.
 */
function diagnose(file: string, options: ts.CompilerOptions): readonly string[] {
  const settings: ts.CompilerOptions = {
    ...{ lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts', 'lib.esnext.decorators.d.ts'], types: ['node'] },
    ...{ target: ts.ScriptTarget.ES2022, noEmit: true, skipLibCheck: false, isolatedModules: true },
    ...options,
  };
  const host = ts.createCompilerHost(settings);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...how) => {
    if (!name.includes('node_modules/typescript/lib/')) return read(name, ...how);
    if (!parsed.has(name)) parsed.set(name, read(name, ...how));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], settings, host);
  const ours = program.getSourceFiles().filter(({ fileName }) => /\/tinyllm\/|tinyllm-packed/.test(fileName));
  expect(ours.length).to.be.above(50);
  return [...program.getOptionsDiagnostics(), ...ours.flatMap((one) => program.getSemanticDiagnostics(one))].map(
    ({ file: at, messageText }) => `${at?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

describe('the packed packages', function () {
  this.timeout(120_000);
  let packed: PackedPackages;
  let legacy: string;
  let standard: string;
  let everything: string;
  before(async () => {
    packed = await PackedPackages.make();
    legacy = await packed.addSample('quickstart.ts', { experimentalDecorators: true });
    standard = await packed.addSample('standard-decorators/quickstart.ts', {});
    everything = join(packed.folder, 'everything.js');
    const entries = packages.flatMap(({ name, entries }) => Object.keys(entries).map((entry) => join(name, entry)));
    const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`);
    for (const file of [everything, everything.replace('.js', '.ts')]) await writeFile(file, lines.join(''));
  });
  after(() => packed?.remove());

  const run = async (node: string, ...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, NODE_OPTIONS: '', TINYLLM_HUB: '', OLLAMA_HOST: '127.0.0.1:9' };
    return (await execute(node, args, { cwd: packed.folder, env })).stdout;
  };

  it('are under 3.4 MB, have no install scripts, and pass publint and Are the Types Wrong', async () => {
    expect(packed.tarballs.map(({ name }) => name)).to.have.members(packages.map(({ name }) => name));
    for (const { name, file, unpackedSize } of packed.tarballs) {
      expect(unpackedSize, name).to.be.below(3_400_000);
      const { stdout: files } = await execute('tar', ['-tzf', file]);
      expect(files.split('\n'), name).to.include.members(['package/LICENSE', 'package/README.md']);
      const { scripts = {} } = JSON.parse((await execute('tar', ['-xzOf', file, 'package/package.json'])).stdout);
      expect(scripts, name).not.to.have.any.keys('preinstall', 'install', 'postinstall', 'prepare');
      await execute(process.execPath, ['node_modules/publint/src/cli.js', 'run', '--strict', file]);
      // Two packages have a CommonJS version. The others are ES modules, which Node can require since 20.19.
      const profile = ['tinyllm', '@tinyllm/prom-client'].includes(name) ? 'strict' : 'esm-only';
      const checkTypes = ['node_modules/@arethetypeswrong/cli/dist/index.js', file, '--profile', profile];
      if (name !== '@tinyllm/cli') await execute(process.execPath, [...checkTypes, '--format', 'json']);
    }
  });

  it('declare no internal members', async () => {
    const collector = await readFile(join(packed.folder, 'node_modules/tinyllm/dist/collector/collector.d.ts'), 'utf8');
    expect(collector)
      .to.match(/class MetricsCollector/)
      .and.not.to.match(/\b(?:meter|instruments):|@internal/);
    const marked = await execute('grep', ['-rl', '--include=*.d.ts', '@internal', 'tinyllm', '@tinyllm'], {
      cwd: join(packed.folder, 'node_modules'),
    }).catch(({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }));
    expect(marked).to.deep.equal({ code: 1, stdout: '' });
  });

  for (const version of nodeVersions) {
    it(`can be imported, required and run on Node ${version}`, async function () {
      const node = needNode(this, version);
      const both = join(packed.folder, 'both.js');
      await writeFile(
        both,
        `import { createRequire } from 'node:module';
        import * as imported from 'tinyllm';
        const required = createRequire(import.meta.url)('tinyllm');
        console.log(required.registry === imported.registry, typeof required.TrackNode);\n`,
      );
      expect(await run(node, both)).to.equal('true function\n');
      expect(await run(node, everything)).to.equal('');
      const counted = 'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate"} 1';
      expect(await run(node, legacy))
        .to.contain('HELLO THERE')
        .and.to.contain(counted);
      expect(await run(node, standard)).to.contain('tinyllm_node_executions_total{node="router",graph="assistant"} 2');
      const answer = await run(node, 'node_modules/@tinyllm/cli/bin/tinyllm.js', 'run', 'What is 2+2?', '--json');
      expect(JSON.parse(answer)).to.deep.include({ answer: '4' });
    });
  }

  const { NodeNext, Node16, Bundler } = ts.ModuleResolutionKind;
  const resolutions = {
    nodenext: { moduleResolution: NodeNext, module: ts.ModuleKind.NodeNext },
    node16: { moduleResolution: Node16, module: ts.ModuleKind.Node16 },
    bundler: { moduleResolution: Bundler, module: ts.ModuleKind.ESNext },
  };
  for (const [name, resolution] of Object.entries(resolutions)) {
    it(`compile with "moduleResolution": "${name}" in both decorator dialects, including all declarations`, () => {
      const strictest = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
      const inTypeScript = (file: string): string => file.replace(/\.js$/, '.ts');
      const options = { ...resolution, ...strictest };
      expect(diagnose(inTypeScript(legacy), { ...options, experimentalDecorators: true })).to.deep.equal([]);
      expect(diagnose(inTypeScript(standard), options)).to.deep.equal([]);
      expect(diagnose(inTypeScript(everything), options)).to.deep.equal([]);
    });
  }

  const withSibling = `
    import { getMetricsCollector } from 'tinyllm';
    import type { ProxyOptions } from '@tinyllm/proxy' with { 'resolution-mode': 'import' };
    type Collector = NonNullable<ProxyOptions['collector']>;
    const collector: Collector = getMetricsCollector();
    void collector;`;

  for (const module of [ts.ModuleKind.Node16, ts.ModuleKind.NodeNext, ts.ModuleKind.CommonJS]) {
    it(`contain a core that compiles in CommonJS with "module": "${ts.ModuleKind[module]}"`, async () => {
      const file = join(packed.folder, 'commonjs.cts');
      await writeFile(
        file,
        `import { Counter } from 'prom-client';
        import { registry, startMetricsServer, TrackNode } from 'tinyllm';
        import { listen } from 'tinyllm/server';
        ${module === ts.ModuleKind.CommonJS ? '' : withSibling}
        class Agent {
          @TrackNode({ node: (self: Agent) => self.name })
          async run(name: string): Promise<string> {
            return name;
          }
          name = 'agent';
        }
        new Counter({ name: 'own_total', help: 'Own.', registers: [registry] }).inc();
        export = { Agent, listen, start: async () => (await startMetricsServer({ port: 0 })).url };\n`,
      );
      expect(diagnose(file, { module, strict: true, experimentalDecorators: true })).to.deep.equal([]);
    });
  }

  it('are installed into empty projects by npm, with only their own dependencies', async function () {
    if (process.env.TINYLLM_E2E !== 'required') this.skip();
    const files = (...names: readonly string[]) =>
      packed.tarballs.filter(({ name }) => names.length === 0 || names.includes(name)).map(({ file }) => file);
    const install = async (folder: string, tarballs: readonly string[]): Promise<readonly string[]> => {
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
      const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs];
      await execute('npm', args, { cwd: folder });
      return Object.keys(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')).packages);
    };
    const core = await mkdtemp(join(tmpdir(), 'tinyllm-core-installed-'));
    const all = await mkdtemp(join(tmpdir(), 'tinyllm-installed-'));
    const proxy = await mkdtemp(join(tmpdir(), 'tinyllm-proxy-installed-'));
    try {
      const ofCore = (await install(core, files('tinyllm'))).filter((path) => path !== '');
      expect(ofCore).to.have.length.of.at.most(12).and.include('node_modules/prom-client-original');
      const { stdout: size } = await execute('du', ['-sk', 'node_modules'], { cwd: core });
      expect(Number.parseInt(size, 10), 'size in KiB').to.be.at.most(12 * 1024);
      await install(all, files());
      const asked = ['exec', '--no', '--', 'tinyllm', 'run', 'What is 2+2?', '--provider', 'embedded'];
      const { stdout } = await execute('npm', asked, { cwd: all, env: { ...process.env, TINYLLM_HUB: '' } });
      expect(stdout).to.equal('4\n');
      const needed = await install(proxy, files('tinyllm', '@tinyllm/resilience', '@tinyllm/proxy'));
      expect(needed).not.to.include.members(['node_modules/@tinyllm/executor']);
      expect(needed.filter((path) => /fastify|bullmq|openai|ollama|mathjs/.test(path))).to.deep.equal([]);
    } finally {
      for (const folder of [core, all, proxy]) await rm(folder, { recursive: true, force: true });
    }
  });

  it('have no import cycle if an application overrides prom-client with @tinyllm/prom-client', async function () {
    if (process.env.TINYLLM_E2E !== 'required') this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-overrides-'));
    const tarballOf = (name: string) => `file:${packed.tarballs.find((one) => one.name === name)?.file}`;
    const dependencies = { tinyllm: tarballOf('tinyllm'), 'prom-client': tarballOf('@tinyllm/prom-client') };
    const manifest = { type: 'module', dependencies, overrides: { 'prom-client': '$prom-client' } };
    try {
      await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
      await execute('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
      const code = `
        import { createRequire } from 'node:module';
        import { Counter, register } from 'prom-client';
        import { registry } from 'tinyllm';
        new Counter({ name: 'own_total', help: 'Own.' }).inc();
        const required = createRequire(process.cwd() + '/x.js')('prom-client');
        const text = await registry.metrics();
        console.log(required.register === register, required.Counter === Counter, /^own_total 1$/m.test(text));`;
      const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder });
      expect(stdout).to.equal('true true true\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('can be linked into a project without a build', async function () {
    if (process.env.TINYLLM_E2E !== 'required') this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-linked-'));
    const built = async () => (await stat('lib/core/dist/index.js')).mtimeMs;
    const before = await built();
    try {
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
      const links = ['lib/core', 'lib/executor'].map((path) => resolve(path));
      await execute('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...links], { cwd: folder });
      expect(await built()).to.equal(before);
      const code = `
        import { GraphExecutor } from '@tinyllm/executor';
        import { registry, TrackNode } from 'tinyllm';
        console.log(typeof GraphExecutor, typeof TrackNode, registry.getMetricsAsArray().length > 0);`;
      await writeFile(join(folder, 'linked.js'), code);
      const { stdout } = await execute(process.execPath, ['linked.js'], { cwd: folder });
      expect(stdout).to.equal('function function true\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
