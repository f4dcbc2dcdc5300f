import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { hasDependents } from '../support/dependent-application.js';
import { codeBlocks } from '../support/documents.js';
import type { FakeServer } from '../support/fake-server.js';
import { startNpmRegistry } from '../support/npm-registry.js';
import { PackedPackages } from '../support/packed-package.js';

const execute = promisify(execFile);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/**
 * The result of `npm install`: the names of the packages that `require('prom-client')` can load anywhere in the
 * project, or npm's error code and its first message.
 */
type Outcome = { readonly loaded: readonly string[] } | { readonly error: string };

const { version } = JSON.parse(readFileSync('lib/prom-client/package.json', 'utf8')) as { version: string };
const dropIn = `npm:@tinyllm/prom-client@${version}`;

/** A package with a peer dependency on prom-client 15, and one with a dependency on it. */
const dependents = { 'express-prom-bundle': '8.0.0', 'fastify-metrics': '12.1.0' };

const direct = (specifier: string) => ({ ...dependents, 'prom-client': specifier });
const override = (specifier: string) => ({ 'prom-client': specifier });

/** Invented packages and versions. The real dependents accept each version 15. */
const invented = [
  { name: 'older-metrics', version: '1.0.0', peerDependencies: { 'prom-client': '^14.0.0' } },
  { name: 'exact-metrics', version: '1.0.0', peerDependencies: { 'prom-client': '15.1.3' } },
  { name: 'patch-metrics', version: '1.0.0', peerDependencies: { 'prom-client': '~15.1.3' } },
  { name: 'minor-metrics', version: '1.0.0', dependencies: { 'prom-client': '15.1.x' } },
  { name: '@tinyllm/prom-client', version: '0.2.0', dependencies: { tinyllm: '0.2.0' } },
];

const documentFile = 'docs/migrating-from-prom-client.md';

const onlyDropIn: Outcome = { loaded: ['@tinyllm/prom-client'] };
const onlyOriginal: Outcome = { loaded: ['prom-client'] };
const conflict = (specifier: string): Outcome => ({
  error: `EOVERRIDE Override for prom-client@${specifier} conflicts with direct dependency`,
});
const unresolved: Outcome = { error: 'ERESOLVE ERESOLVE unable to resolve dependency tree' };
const notFound = `No matching version found for prom-client@${version}`;
const missing: Outcome = { error: `ETARGET notarget ${notFound}.` };

interface ManifestCase {
  readonly title: string;
  readonly manifest: Manifest;
  /** With a list, the outcomes of npm 10 and of later versions. */
  readonly outcome: Outcome | readonly [npm10: Outcome, later: Outcome];
}

const cases: readonly ManifestCase[] = [
  {
    title: 'loads the drop-in if it is a direct dependency and the override refers to it',
    manifest: { dependencies: direct(dropIn), overrides: override('$prom-client') },
    outcome: onlyDropIn,
  },
  {
    title: 'loads the drop-in if the override repeats the direct dependency',
    manifest: { dependencies: direct(dropIn), overrides: override(dropIn) },
    outcome: onlyDropIn,
  },
  {
    title: 'loads the drop-in without an override if its version is in the range of each dependent',
    manifest: { dependencies: { ...direct(dropIn), 'patch-metrics': '1.0.0', 'minor-metrics': '1.0.0' } },
    outcome: onlyDropIn,
  },
  {
    title: 'loads the drop-in if only the override names it',
    manifest: { dependencies: dependents, overrides: override(dropIn) },
    outcome: onlyDropIn,
  },
  {
    title: 'loads the drop-in for peer ranges that exclude its version, if there is an override',
    manifest: {
      dependencies: { ...direct(dropIn), 'older-metrics': '1.0.0', 'exact-metrics': '1.0.0' },
      overrides: override('$prom-client'),
    },
    outcome: onlyDropIn,
  },
  {
    title: "fails for a peer range that is exactly prom-client's version, without an override",
    manifest: { dependencies: { 'prom-client': dropIn, 'exact-metrics': '1.0.0' } },
    outcome: unresolved,
  },
  {
    title: 'fails for an older peer range, without an override',
    manifest: { dependencies: { 'prom-client': dropIn, 'older-metrics': '1.0.0' } },
    outcome: unresolved,
  },
  {
    title: "would fail if the drop-in's version didn't follow prom-client's",
    manifest: { dependencies: direct('npm:@tinyllm/prom-client@0.2.0') },
    outcome: unresolved,
  },
  {
    title: 'fails if the override differs from the direct dependency',
    manifest: { dependencies: direct('15.1.3'), overrides: override(dropIn) },
    outcome: conflict('15.1.3'),
  },
  {
    title: 'fails if only the range of the override differs from the direct dependency',
    manifest: { dependencies: direct('npm:@tinyllm/prom-client@^15.1.0'), overrides: override(dropIn) },
    outcome: conflict('npm:@tinyllm/prom-client@^15.1.0'),
  },
  {
    title: 'loads the original if the override refers to a direct dependency on the original',
    manifest: { dependencies: direct('15.1.3'), overrides: override('$prom-client') },
    outcome: onlyOriginal,
  },
  {
    title: 'fails or loads the original if the override refers to a direct dependency that does not exist',
    manifest: { dependencies: dependents, overrides: override('$prom-client') },
    outcome: [{ error: 'undefined Unable to resolve reference $prom-client' }, onlyOriginal],
  },
  {
    title: 'fails if the override refers to a direct dependency under another name',
    manifest: {
      dependencies: { ...dependents, '@tinyllm/prom-client': version },
      overrides: override('$@tinyllm/prom-client'),
    },
    outcome: missing,
  },
  {
    title: 'links missing folders if the override lacks "npm:"',
    manifest: { dependencies: { 'express-prom-bundle': '8.0.0' }, overrides: override(dropIn.replace('npm:', '')) },
    outcome: { loaded: ['link'] },
  },
];

/** One version of npm in an own project, with an own cache. */
class NpmProject {
  private constructor(
    private readonly program: string,
    private readonly registry: string,
    readonly folder: string,
  ) {}

  static async make(npm: string, registry: string, manifest: Manifest): Promise<NpmProject> {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-npm-'));
    const program = resolve(`.cache/dependents/npm-versions/node_modules/${npm}/bin/npm-cli.js`);
    const project = new NpmProject(program, registry, folder);
    await project.write(manifest);
    return project;
  }

  write(manifest: Manifest): Promise<void> {
    return writeFile(join(this.folder, 'package.json'), JSON.stringify({ private: true, ...manifest }));
  }

  /** Runs `npm install` in the project, which only writes the lock file. */
  async install(): Promise<Outcome> {
    const flags = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const network = ['--registry', this.registry, '--cache', join(this.folder, '.npm'), '--fetch-retries=0'];
    const all = [this.program, 'install', ...flags, ...network, '--no-update-notifier'];
    try {
      await execute(process.execPath, all, { cwd: this.folder });
    } catch (error) {
      const { stderr = '' } = error as { readonly stderr?: string };
      const code = /^npm error code (\w+)$/m.exec(stderr)?.[1];
      const message = /^npm error (?!code )(.+)$/m.exec(stderr)?.[1];
      return { error: `${code} ${message}` };
    }
    const lock = JSON.parse(await readFile(join(this.folder, 'package-lock.json'), 'utf8'));
    const packages: [string, { readonly name?: string; readonly link?: boolean }][] = Object.entries(lock.packages);
    const loaded = packages
      .filter(([path]) => path.endsWith('node_modules/prom-client'))
      .map(([, { name = 'prom-client', link }]) => (link === true ? 'link' : name));
    return { loaded: [...new Set(loaded)] };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

describe('the migration from prom-client, with npm', function () {
  this.timeout(120_000);
  let registry: FakeServer;
  let packed: PackedPackages;
  const blocks = codeBlocks(readFileSync(documentFile, 'utf8'));

  before(async function () {
    if (await hasDependents()) {
      registry = await startNpmRegistry(invented);
      packed = await PackedPackages.make();
      return;
    }
    const advice = 'end-to-end specs need several versions of npm: .ci/fetch-dependents';
    if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
    process.stderr.write(`\n  skipped; ${advice}\n`);
    this.skip();
  });

  after(async () => {
    await packed?.remove();
    await registry?.close();
  });

  it('prints errors that the document shows', () => {
    const document = readFileSync(documentFile, 'utf8');
    const lines = (error: string) => `npm error code ${error.replace(' ', '\nnpm error ')}\n`;
    for (const outcome of [conflict('15.1.3'), unresolved]) {
      expect(document).to.include('error' in outcome ? lines(outcome.error) : '');
    }
    expect(document).to.include('`Unable to resolve reference $prom-client`');
    expect(document).to.include(`\`${notFound}\``);
  });

  for (const npm of ['npm-10', 'npm-11', 'npm-12']) {
    const withProject = async (manifest: Manifest, use: (project: NpmProject) => Promise<void>): Promise<void> => {
      const project = await NpmProject.make(npm, registry.url, manifest);
      try {
        await use(project);
      } finally {
        await project.remove();
      }
    };

    describe(npm.slice('npm-'.length), () => {
      for (const { title, manifest, outcome } of cases) {
        it(title, () =>
          withProject(manifest, async (project) => {
            const expected = 'length' in outcome ? outcome[npm === 'npm-10' ? 0 : 1] : outcome;
            expect(await project.install()).to.deep.equal(expected);
          }),
        );
      }

      for (const [index, { code }] of blocks.filter(({ language }) => language === 'json').entries()) {
        const migrated = (): Manifest => {
          const local = code.replaceAll(/file:.*\/(?=tinyllm)/g, `file:${packed.folder}/`);
          const { dependencies = {}, ...rest }: Manifest = JSON.parse(local);
          return { dependencies: { ...dependents, ...dependencies }, ...rest };
        };

        it(`loads the drop-in with package.json ${index + 1} of the document`, () =>
          withProject(migrated(), async (project) => {
            expect(await project.install()).to.deep.equal(onlyDropIn);
          }));

        for (const [kind, dependencies] of Object.entries({ direct: direct('15.1.3'), indirect: dependents })) {
          it(`replaces the ${kind} dependency of a lock file with package.json ${index + 1} of the document`, () =>
            withProject({ dependencies }, async (project) => {
              expect(await project.install()).to.deep.equal(onlyOriginal);
              await project.write(migrated());
              expect(await project.install()).to.deep.equal(onlyDropIn);
            }));
        }
      }
    });
  }
});
