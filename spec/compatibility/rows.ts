/** One tool that builds or runs the application, with its default settings if possible. */
export interface CompatibilityRow {
  readonly name: string;
  /** The `type` in package.json. Default: `module`. */
  readonly packageType?: 'module' | 'commonjs' | 'unset';
  /** Compiler options in addition to those of all rows. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  /**
   * Files of the project besides package.json and tsconfig.json. A list contains lines, names of files in
   * `application/`, and names of files in other folders with their folder.
   */
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  /** Commands of the tool that run before the application, in this order. */
  readonly build?: readonly string[];
  /** The command that runs the application. */
  readonly run: string;
  /** The path that starts the work of a web server. After the work, SIGTERM stops the server. */
  readonly request?: string;
  /** The expected exit code. Default: 0. */
  readonly exit?: number;
  /** A major version of Node, for tools that don't support all versions that the package supports. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Installs the package as a link to this repository, as `npm link` does. */
  readonly linked?: boolean;
  /** Whether the tool shortens class names, which are default labels. */
  readonly shortensNames?: boolean;
}

const legacy = { experimentalDecorators: true };

/** The application as one file, which needs no resolution of relative imports. */
const program = ['application.ts', 'decorated.ts', 'void runApplication(executors);'];
const undecorated = ['application.ts', 'undecorated.ts', 'void runApplication(executors);'];
const test = ['application.ts', 'decorated.ts', "it('is scraped', () => runApplication(executors), 30_000);"];
const denoTest = ['application.ts', 'decorated.ts', "Deno.test('is scraped', () => runApplication(executors));"];

/** Each compiler also checks the declarations of the package, and that mistakes in options don't compile. */
const typescriptRows: readonly CompatibilityRow[] = ['5.4', '5.9', '6', '7'].flatMap((version) =>
  [true, false].map((experimentalDecorators) => {
    const types = ['decorators', 'wrappers', 'mistakes', ...(experimentalDecorators ? [] : ['private-methods'])];
    const tests = types.map((name) => [`types/${name}.ts`, [`types/${name}.ts`]] as const);
    const folder = version === '6' ? 'typescript' : `typescript-${version}`;
    return {
      name: `TypeScript ${version}, ${experimentalDecorators ? 'legacy' : 'standard'} decorators`,
      files: { 'main.ts': program, ...Object.fromEntries(tests) },
      compilerOptions: {
        ...{ experimentalDecorators, module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: false },
        // TypeScript 5.4 has no es2024.
        lib: ['es2023', 'esnext.disposable'],
      },
      build: [`node ../../../../node_modules/${folder}/bin/tsc`],
      run: 'node main.js',
    };
  }),
);

const esbuild = 'esbuild main.ts --bundle --platform=node';
const esbuildRows: readonly CompatibilityRow[] = [
  {
    name: 'esbuild, ES module, legacy decorators',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: [`${esbuild} --format=esm --outfile=out/main.js`],
    run: 'node out/main.js',
  },
  {
    name: 'esbuild, CommonJS, legacy decorators',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: [`${esbuild} --outfile=out/main.cjs`],
    run: 'node out/main.cjs',
  },
  {
    name: 'esbuild, CommonJS, standard decorators',
    files: { 'main.ts': program },
    build: [`${esbuild} --target=node20 --outfile=out/main.cjs`],
    run: 'node out/main.cjs',
  },
  {
    name: 'esbuild --minify (shortens class names)',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: [`${esbuild} --minify --outfile=out/main.cjs`],
    run: 'node out/main.cjs',
    shortensNames: true,
  },
  {
    name: 'esbuild --minify --keep-names',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: [`${esbuild} --minify --keep-names --outfile=out/main.cjs`],
    run: 'node out/main.cjs',
  },
];

const webpackConfiguration = `
module.exports = {
  mode: 'production',
  target: 'node',
  entry: './main.ts',
  module: { rules: [{ test: /\\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
  output: { filename: 'main.cjs' },
};
`;
const webpack: CompatibilityRow = {
  name: 'webpack, minified (shortens class names)',
  files: { 'main.ts': program, 'webpack.config.cjs': webpackConfiguration },
  compilerOptions: legacy,
  build: ['webpack'],
  run: 'node dist/main.cjs',
  shortensNames: true,
};
const unminifiedWebpack: CompatibilityRow = {
  ...webpack,
  name: 'webpack, not minified',
  files: {
    ...webpack.files,
    'webpack.config.cjs': `${webpackConfiguration}module.exports.optimization = { minimize: false };\n`,
  },
  shortensNames: false,
};
const webpackRows: readonly CompatibilityRow[] = [
  webpack,
  unminifiedWebpack,
  { ...unminifiedWebpack, name: 'webpack, not minified, linked package', linked: true },
];

const vite: CompatibilityRow = {
  name: 'Vite, SSR build',
  files: { 'main.ts': program },
  compilerOptions: legacy,
  build: ['vite build --ssr main.ts'],
  run: 'node dist/main.js',
};
const viteRows: readonly CompatibilityRow[] = [
  vite,
  {
    ...vite,
    name: 'Vite, SSR build that bundles dependencies',
    files: { ...vite.files, 'vite.config.js': 'export default { ssr: { noExternal: true } };\n' },
  },
  { ...vite, name: 'Vite, SSR build, linked package', linked: true },
];

const rollupRows: readonly CompatibilityRow[] = [
  {
    name: 'Rollup with node-resolve, commonjs and typescript',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: ['rollup main.ts -p node-resolve -p commonjs -p typescript -f es -d dist'],
    run: 'node dist/main.js',
  },
];

const tsupRows: readonly CompatibilityRow[] = [
  {
    name: 'tsup',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: ['tsup main.ts'],
    run: 'node dist/main.cjs',
    node: '24',
  },
];

const next: CompatibilityRow = {
  name: 'Next, Turbopack, minified (shortens class names)',
  packageType: 'unset',
  files: {
    'application.ts': ['application.ts'],
    'executors.ts': ['decorated.ts'],
    'instrumentation.ts': `
import type { MetricsServer } from 'tinyllm';

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('./application');
  (globalThis as { metricsServer?: MetricsServer }).metricsServer = await startServer();
}
`,
    'app/work/route.ts': `
import { writeFileSync } from 'node:fs';
import type { MetricsServer } from 'tinyllm';
import { work } from '../../application';
import { executors } from '../../executors';

export async function GET(): Promise<Response> {
  const { metricsServer } = globalThis as { metricsServer?: MetricsServer };
  if (metricsServer === undefined) throw new Error('No metrics server runs.');
  await work(executors, metricsServer.url);
  await metricsServer.close();
  writeFileSync(\`\${process.env.APPLICATION_FOLDER}/closed\`, '');
  return new Response('done');
}
`,
  },
  compilerOptions: legacy,
  build: ['next build'],
  run: 'next start --hostname 127.0.0.1 --port 0',
  request: '/work',
  // 128 + SIGTERM, which Next uses after an orderly end.
  exit: 143,
  shortensNames: true,
};
// One row is enough for Next's own type check, which takes half of a build.
const withoutTypeCheck = 'typescript: { ignoreBuildErrors: true }';
const nextRows: readonly CompatibilityRow[] = [
  next,
  {
    ...next,
    name: 'Next, webpack, minified (shortens class names)',
    files: { ...next.files, 'next.config.js': `module.exports = { ${withoutTypeCheck} };\n` },
    build: ['next build --webpack'],
  },
  {
    ...next,
    // The link leads to a folder below the root that Turbopack infers. Turbopack doesn't follow links out of its root.
    name: 'Next, Turbopack, not minified, linked package',
    files: {
      ...next.files,
      'next.config.js': `module.exports = { experimental: { turbopackMinify: false }, ${withoutTypeCheck} };\n`,
    },
    linked: true,
    shortensNames: false,
  },
];

const loaderRows: readonly CompatibilityRow[] = [
  {
    name: 'tsx, legacy decorators',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    run: 'tsx main.ts',
  },
  { name: 'tsx, standard decorators', files: { 'main.ts': program }, run: 'tsx main.ts' },
  {
    name: 'tsx, CommonJS',
    packageType: 'commonjs',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    run: 'tsx main.ts',
  },
  {
    name: 'ts-node, ES module',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    run: 'node --loader ts-node/esm main.ts',
  },
  {
    name: 'ts-node, CommonJS',
    packageType: 'commonjs',
    files: { 'main.ts': program },
    compilerOptions: { ...legacy, module: 'nodenext', moduleResolution: 'nodenext' },
    run: 'ts-node main.ts',
  },
  ...['22', '24', '26'].map((node) => ({
    name: `type stripping of Node ${node}, without decorator syntax`,
    files: { 'main.ts': undecorated },
    run: 'node main.ts',
    node,
  })),
];

const jestFiles = (transform: unknown, more = {}): Record<string, string | readonly string[]> => ({
  'main.test.ts': test,
  'jest.config.json': JSON.stringify({ testEnvironment: 'node', transform, ...more }),
});
const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true }, target: 'es2022' },
  },
];
const esm = { extensionsToTreatAsEsm: ['.ts'] };
const withModules = { NODE_OPTIONS: '--experimental-vm-modules' };
const testRows: readonly CompatibilityRow[] = [
  {
    name: 'Vitest',
    files: { 'main.test.ts': test },
    compilerOptions: legacy,
    run: 'vitest run --globals',
    node: '24',
  },
  {
    name: 'Jest, CommonJS, ts-jest',
    packageType: 'commonjs',
    files: jestFiles({ '\\.ts$': ['ts-jest', { diagnostics: false }] }),
    compilerOptions: { ...legacy, module: 'commonjs', moduleResolution: 'bundler' },
    run: 'jest',
  },
  {
    name: 'Jest, CommonJS, @swc/jest',
    packageType: 'commonjs',
    files: jestFiles({ '\\.ts$': swc }),
    run: 'jest',
  },
  {
    name: 'Jest, ES module, ts-jest',
    files: jestFiles({ '\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] }, esm),
    compilerOptions: legacy,
    run: 'jest',
    env: withModules,
  },
  {
    name: 'Jest, ES module, @swc/jest',
    files: jestFiles({ '\\.ts$': swc }, esm),
    run: 'jest',
    env: withModules,
  },
];

const withoutThread = { APPLICATION_THREAD: 'false' };
const bunRows: readonly CompatibilityRow[] = [
  { name: 'bun run', files: { 'main.ts': program }, compilerOptions: legacy, run: 'bun run main.ts' },
  {
    name: 'bun run with thread: false, main thread not blocked',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    run: 'bun run main.ts',
    env: withoutThread,
  },
  { name: 'bun test', files: { 'main.test.ts': test }, compilerOptions: legacy, run: 'bun test' },
  {
    name: 'bun build for Bun',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: ['bun build main.ts --target=bun --outdir=out'],
    run: 'bun out/main.js',
  },
  {
    name: 'bun build for Node',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: ['bun build main.ts --target=node --outdir=out'],
    run: 'node out/main.js',
  },
  {
    name: 'bun build --compile',
    files: { 'main.ts': program },
    compilerOptions: legacy,
    build: ['bun build main.ts --compile --outfile=out/main'],
    run: './out/main',
  },
];

const denoConfiguration = '{ "nodeModulesDir": "manual" }\n';
const deno: CompatibilityRow = {
  name: 'deno run',
  files: { 'main.ts': program, 'deno.json': denoConfiguration },
  run: 'deno run --allow-all main.ts',
};
const denoRows: readonly CompatibilityRow[] = [
  deno,
  { ...deno, name: 'deno run with thread: false, main thread not blocked', env: withoutThread },
  {
    name: 'deno test',
    files: { 'main.test.ts': denoTest, 'deno.json': denoConfiguration },
    run: 'deno test --allow-all --no-check',
  },
];

/** The compatibility matrix of the package `tinyllm`. */
export const compatibilityRows: readonly CompatibilityRow[] = [
  ...typescriptRows,
  ...esbuildRows,
  ...webpackRows,
  ...viteRows,
  ...rollupRows,
  ...tsupRows,
  ...nextRows,
  ...loaderRows,
  ...testRows,
  ...bunRows,
  ...denoRows,
];
