import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { needNode, nodeVersions } from '../support/node-versions.js';
import { PackedPackage } from '../support/packed-package.js';

const execute = promisify(execFile);

/** The compiler's own declarations, which all programs have in common, are parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What a user's compiler says of a file, and of all declarations of the package that it reaches: `skipLibCheck` is off. */
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

describe('the packed package', function () {
  this.timeout(120_000);
  let packed: PackedPackage;
  let legacy: string;
  let standard: string;
  before(async () => {
    packed = await PackedPackage.make();
    legacy = await packed.addSample('quickstart.ts', { experimentalDecorators: true });
    standard = await packed.addSample('standard-decorators/quickstart.ts', {});
  });
  after(() => packed?.remove());

  const run = async (node: string, ...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, NODE_OPTIONS: '', TINYLLM_HUB: '', OLLAMA_HOST: '127.0.0.1:9' };
    return (await execute(node, args, { cwd: packed.folder, env })).stdout;
  };

  it('is under 2 MB, has no install script, and is laid out as package managers and compilers expect', async () => {
    expect(packed.unpackedSize).to.be.below(2_000_000);
    const { scripts } = JSON.parse((await execute('tar', ['-xzOf', packed.tarball, 'package/package.json'])).stdout);
    expect(scripts).not.to.have.any.keys('preinstall', 'install', 'postinstall');
    // Node has required ES modules since 20.19, which the second judge's rules for CommonJS do not know.
    const judges = [
      ['publint/src/cli.js', 'run', '--strict', packed.tarball],
      ['@arethetypeswrong/cli/dist/index.js', packed.tarball, '--profile', 'esm-only', '--format', 'json'],
    ];
    for (const [judge = '', ...args] of judges) await execute(process.execPath, [`node_modules/${judge}`, ...args]);
  });

  for (const version of nodeVersions) {
    it(`is imported, required and run on Node ${version}`, async function () {
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
      const counted = 'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate"} 1';
      expect(await run(node, legacy))
        .to.contain('HELLO THERE')
        .and.to.contain(counted);
      expect(await run(node, standard)).to.contain('tinyllm_node_executions_total{node="router",graph="assistant"} 2');
      const answer = await run(node, 'node_modules/tinyllm/cli/bin/tinyllm.js', 'run', 'What is 2+2?', '--json');
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
    it(`is typed for "moduleResolution": "${name}", in both dialects, declarations and all`, () => {
      const strictest = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
      const inTypeScript = (file: string): string => file.replace(/\.js$/, '.ts');
      const options = { ...resolution, ...strictest };
      expect(diagnose(inTypeScript(legacy), { ...options, experimentalDecorators: true })).to.deep.equal([]);
      expect(diagnose(inTypeScript(standard), options)).to.deep.equal([]);
    });
  }

  it('is installed into an empty project by npm, with what it needs alone', async function () {
    if (process.env.TINYLLM_E2E !== 'required') this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-installed-'));
    try {
      await writeFile(join(folder, 'package.json'), '{}\n');
      const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', packed.tarball];
      await execute('npm', args, { cwd: folder });
      const asked = ['exec', '--no', '--', 'tinyllm', 'run', 'What is 2+2?', '--provider', 'embedded'];
      const { stdout } = await execute('npm', asked, { cwd: folder, env: { ...process.env, TINYLLM_HUB: '' } });
      expect(stdout).to.equal('4\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
