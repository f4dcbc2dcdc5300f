// What is mutated, and which specs are to notice. Paths are those of the project.

/** The writers of the exposition: what stands between the gathered families and the bytes of a scrape. */
const WRITERS = [
  'text',
  'openmetrics',
  'write-families',
  'escape',
  'formats',
  'label-text',
  'sample-names',
  'text-body',
];
/** Specs of what reads the instruments and writes them, beside those of the same names. */
const READERS = ['gatherer', 'gathered-exemplars', 'foreign'];

/** Specs of threads, which run what is built and so nothing that is mutated, and of garbage collection, which take long. */
const LEFT_OUT = [
  'several threads add',
  'another thread writes',
  'nobody holds it any more',
  'of its iterators is held',
];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export const options = {
  testRunner: 'mocha',
  plugins: [import.meta.resolve('@stryker-mutator/mocha-runner')],
  coverageAnalysis: 'perTest',
  testRunnerNodeArgs: ['--import=./spec/support/register.js'],
  mochaOptions: {
    config: 'mutation/mocharc.json',
    spec: [
      ...['spec/decorators/*.spec.ts', 'spec/metrics/*.spec.ts', 'spec/collector.spec.ts', 'spec/instruments.spec.ts'],
      ...[...WRITERS, ...READERS].map((file) => `spec/exposition/${file}.spec.ts`),
    ],
    grep: `^(?!.*(${LEFT_OUT.join('|')}))`,
  },
  mutate: ['lib/decorators/*.ts', 'lib/metrics/*.ts', ...WRITERS.map((file) => `lib/exposition/${file}.ts`)],
  ignorePatterns: ['.ci', 'benchmarks', 'cli', 'dist', 'docs', 'samples', 'mutation/reports'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'mutation/reports/mutation.json' },
  incremental: true,
  incrementalFile: 'mutation/reports/incremental.json',
  tempDirName: 'mutation/.sandbox',
  disableTypeChecks: false,
  concurrency: 2,
  // A mistake that loops for ever is found out; a machine with other work is not taken for one.
  timeoutMS: 8_000,
  thresholds: { high: 95, low: 90, break: 85 },
};
