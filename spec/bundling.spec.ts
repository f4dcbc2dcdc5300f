import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { build, type Metafile } from 'esbuild';
import { runNode } from './support/run-node.js';

interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** The modules of the built core that are in the bundle, with the bytes of each. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The modules that the bundle imports, except for modules of Node. */
  readonly imports: readonly string[];
}

describe('the core in a bundle', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-bundle-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  let bundles = 0;
  async function bundle(contents: string, format: 'esm' | 'cjs' = 'esm', conditions?: string[]): Promise<Bundle> {
    const file = join(folder, `${bundles++}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    const { metafile, warnings } = await build({
      ...{ stdin: { contents, resolveDir: process.cwd() }, outfile: file, bundle: true, metafile: true },
      ...{ format, platform: 'node', target: 'node20', logLevel: 'silent' },
      ...(conditions === undefined ? {} : { conditions }),
    });
    expect(warnings).to.deep.equal([]);
    const [output] = Object.values((metafile as Metafile).outputs);
    const inputs = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput]);
    return {
      file,
      bytes: output?.bytes ?? 0,
      inputs: Object.fromEntries(inputs.filter(([, bytes]) => bytes !== 0)),
      imports: (output?.imports ?? []).map(({ path }) => path).filter((path) => !path.startsWith('node:')),
    };
  }

  const counting = `
    import { registry, TrackNode } from 'tinyllm';
    class Agent { run() {} }
    const run = Object.getOwnPropertyDescriptor(Agent.prototype, 'run');
    Object.defineProperty(Agent.prototype, 'run', TrackNode({ node: 'step' })(Agent.prototype, 'run', run));
    new Agent().run();
    new Agent().run();
    registry.metrics().then((text) => {
      console.log(text.split('\\n').filter((line) => /^tinyllm_(?:node_executions_total|cache_hits_total)/.test(line)).join());
    });`;

  for (const format of ['esm', 'cjs'] as const) {
    it(`works in the format "${format}": the registry contains the catalog and the counts`, async () => {
      const { file, imports } = await bundle(counting, format);
      expect(imports).to.deep.equal([]);
      const { stdout } = await runNode([file], { cwd: folder });
      expect(stdout).to.equal('tinyllm_node_executions_total{node="step",graph="default"} 2\n');
    });
  }

  it('leaves out the metrics server, the page and YAML if the application does not use them', async () => {
    const { inputs, bytes } = await bundle(counting);
    expect(
      Object.keys(inputs).filter((path) => /scrape-worker-code|built-page|node_modules\/yaml/.test(path)),
    ).to.deep.equal([]);
    expect(bytes).to.be.below(412_000);
  });

  it('contains only data if the application imports only the catalog', async () => {
    const { file, bytes, imports } = await bundle(
      "import { catalog } from 'tinyllm/catalog'; console.log(catalog.requests.name);",
    );
    expect(imports).to.deep.equal([]);
    expect(bytes).to.be.below(20_000);
    expect((await runNode([file], { cwd: folder })).stdout).to.equal('tinyllm_requests_total\n');
  });

  it('is included once if it is both imported and required', async () => {
    const { file, inputs } = await bundle(`
      import { registry } from 'tinyllm';
      const required = require('tinyllm');
      console.log(required.registry === registry, typeof required.TrackNode);`);
    expect(Object.keys(inputs).filter((path) => path.includes('dist/commonjs/'))).to.deep.equal([]);
    expect((await runNode([file], { cwd: folder })).stdout).to.equal('true function\n');
  });

  for (const condition of ['edge-light', 'workerd']) {
    it(`throws an error with advice in the unsupported runtime "${condition}"`, async () => {
      const { file } = await bundle(counting, 'esm', [condition]);
      const { code, stderr } = await runNode([file], { cwd: folder });
      expect(code).to.equal(1);
      expect(stderr).to.match(
        /Error: tinyllm runs in Node\.js, Bun and Deno, but not in edge runtimes.* set `export const runtime/,
      );
      const { file: data } = await bundle(
        "import { catalog } from 'tinyllm/catalog'; console.log(typeof catalog);",
        'esm',
        [condition],
      );
      expect((await runNode([data], { cwd: folder })).stdout).to.equal('object\n');
    });
  }
});
