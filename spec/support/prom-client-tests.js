// `npm run prom-client-tests -- FOLDER [JEST ARGUMENTS]`: runs prom-client's own tests on the built package.
//
// FOLDER is a checkout of prom-client at the tag v15.1.3. Its tests run unchanged. jest replaces the modules that they
// load:
// - `index`, `lib/registry` and `lib/cluster`: the package's exports.
// - `lib/metrics/*`: `collectDefaultMetrics`, of which only the metrics of that module are registered.
// - `lib/timeWindowQuantiles`, `lib/util` and `lib/validation`, which have no public counterpart: the compiled modules
//   with the corresponding functions, under prom-client's names: `metrics/quantile-window` of this package, and
//   `metrics/custom/label-values` of the core.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const { version } = JSON.parse(readFileSync('node_modules/prom-client-original/package.json', 'utf8'));
const built = resolve('lib/prom-client/dist/commonjs/index.js');
const tools = resolve('.cache/prom-client-tests');
const [folder = '', ...jestArguments] = process.argv.slice(2);
const checkout = resolve(process.env.INIT_CWD ?? '.', folder);

const manifest = join(checkout, 'package.json');
const found = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
if (folder === '' || found.name !== 'prom-client' || found.version !== version || !existsSync(join(checkout, 'test'))) {
  throw new Error(`"${checkout}" is not a checkout of prom-client ${version} with its tests.`);
}
if (!existsSync(built)) throw new Error(`${built} does not exist. Run \`npm run build\`.`);

mkdirSync(tools, { recursive: true });
if (!existsSync(join(tools, 'node_modules/jest')) || !existsSync(join(tools, 'node_modules/nock'))) {
  const install = ['install', '--prefix', tools, '--no-audit', '--no-fund', '--no-save', 'jest@29', 'nock@13'];
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync('npm', install, { stdio: ['ignore', process.stderr, 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** The names of the metrics of each module in `lib/metrics`. */
const defaultMetrics = {
  eventLoopLag: ['', 'min_', 'max_', 'mean_', 'stddev_', 'p50_', 'p90_', 'p99_'].map(
    (name) => `nodejs_eventloop_lag_${name}seconds`,
  ),
  gc: ['nodejs_gc_duration_seconds'],
  heapSizeAndUsed: ['nodejs_heap_size_total_bytes', 'nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'],
  heapSpacesSizeAndUsed: ['total', 'used', 'available'].map((size) => `nodejs_heap_space_size_${size}_bytes`),
  processHandles: ['nodejs_active_handles', 'nodejs_active_handles_total'],
  processMaxFileDescriptors: ['process_max_fds'],
  processOpenFileDescriptors: ['process_open_fds'],
  processRequests: ['nodejs_active_requests', 'nodejs_active_requests_total'],
  processResources: ['nodejs_active_resources', 'nodejs_active_resources_total'],
  processStartTime: ['process_start_time_seconds'],
  version: ['nodejs_version_info'],
};

/** The CommonJS code that replaces each module of `lib`, without the file extension. */
const shims = {
  registry: `module.exports = require(${JSON.stringify(built)}).Registry;`,
  cluster: `module.exports = require(${JSON.stringify(built)}).AggregatorRegistry;`,
  ...Object.fromEntries(
    Object.entries(defaultMetrics).map(([name, metrics]) => [
      `metrics/${name}`,
      `const { collectDefaultMetrics, register, Registry } = require(${JSON.stringify(built)});
      module.exports = (registry = register, config = {}) => {
        const all = new Registry(registry.contentType);
        collectDefaultMetrics({ ...config, register: all });
        for (const name of ${JSON.stringify(metrics)}) {
          const metric = all.getSingleMetric((config.prefix ?? '') + name);
          if (metric !== undefined) registry.registerMetric(metric);
        }
      };`,
    ]),
  ),
};

/** ES modules that are compiled to shims, because they import modules of the package that it doesn't export. */
const compiledShims = {
  timeWindowQuantiles: `
    import { QuantileWindow } from './prom-client/metrics/quantile-window.js';
    module.exports = class extends QuantileWindow {
      constructor(maxAgeSeconds, ageBuckets) {
        super({ maxAgeSeconds, ageBuckets });
      }
      get ringBuffer() {
        return this.digests;
      }
      get currentBuffer() {
        return this.current;
      }
      get durationBetweenRotatesMillis() {
        return this.rotationInterval;
      }
    };`,
  util: "export { labelsFromArguments as getLabels } from './core/metrics/custom/label-values.js';",
  validation: "export { checkLabels as validateLabel } from './core/metrics/custom/label-values.js';",
};

const shimFolder = mkdtempSync(join(tools, 'shims-'));
process.on('exit', () => rmSync(shimFolder, { recursive: true, force: true }));
const shimFile = (name) => join(shimFolder, `${name}.js`);
mkdirSync(dirname(shimFile('metrics/gc')), { recursive: true });
writeFileSync(join(shimFolder, 'package.json'), '{ "type": "commonjs" }\n');
for (const [name, code] of Object.entries(shims)) writeFileSync(shimFile(name), code);
for (const [name, contents] of Object.entries(compiledShims)) {
  const stdin = { contents, resolveDir: '.cache/compiled' };
  await build({
    ...{ stdin, outfile: shimFile(name), bundle: true, packages: 'external' },
    ...{ format: 'cjs', platform: 'node', logLevel: 'error' },
  });
}

const shimNames = [...Object.keys(shims), ...Object.keys(compiledShims)].join('|');
const report = join(shimFolder, 'report.json');
const configuration = {
  rootDir: checkout,
  testEnvironment: 'node',
  testRegex: '/test/.*Test\\.js$',
  moduleNameMapper: {
    '^(?:\\.\\./){1,2}index$': built,
    [`^(?:\\.\\./){1,2}lib/(${shimNames})$`]: join(shimFolder, '$1.js'),
    '^nock$': join(tools, 'node_modules/nock'),
  },
  // Moves calls of `jest.mock` before the first `require`, as jest does by default.
  transform: { '/test/.*\\.js$': join(tools, 'node_modules/babel-jest') },
  cacheDirectory: join(tools, 'cache'),
  watchman: false,
};
const jest = spawnSync(
  process.execPath,
  [
    ...[join(tools, 'node_modules/jest/bin/jest.js'), '--ci', '--config', JSON.stringify(configuration)],
    ...['--json', '--outputFile', report, ...jestArguments],
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], cwd: checkout },
);
if (!existsSync(report)) throw new Error(`jest ended with the code ${jest.status} and wrote no report.`);

const { testResults, numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
const lines = testResults.map(({ name, assertionResults, status, message }) => {
  const count = (wanted) => assertionResults.filter((one) => one.status === wanted).length;
  const broken = status === 'failed' && assertionResults.length === 0 ? `  not run: ${message.split('\n')[0]}` : '';
  const counts = `${count('passed')} passed, ${count('failed')} failed`;
  return `${relative(join(checkout, 'test'), name).padEnd(36)} ${counts}${broken}`;
});
process.stdout.write(`${lines.sort().join('\n')}\n`);
process.stdout.write(`${testResults.length} suites: ${numPassedTests} passed, ${numFailedTests} failed\n`);
process.exitCode = jest.status ?? 1;
