// The files to mutate, and the specs that should detect the mutants. Paths are relative to the project.

/** The files that turn gathered families into the bytes of a scrape. */
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
const written = WRITERS.map((file) => `spec/core/formats/${file}.spec.ts`);
/** Specs of the other code that reads instruments. */
const READERS = ['aggregation/gatherer', 'aggregation/gathered-exemplars', 'formats/foreign'].map(
  (file) => `spec/core/${file}.spec.ts`,
);

/**
 * The folders that are mutated, the specs that run for each, and the score it must reach. Few specs run, because a mutant
 * that no spec detects runs all of them.
 */
export const rooms = [
  {
    room: 'lib/core/providers',
    mutate: ['lib/core/providers/*.ts'],
    spec: ['spec/core/providers/*.spec.ts'],
    leastScore: 95,
  },
  {
    room: 'lib/core/recording',
    mutate: ['lib/core/recording/*.ts'],
    spec: ['spec/core/recording/*.spec.ts'],
    leastScore: 95,
  },
  { room: 'lib/core/framing', mutate: ['lib/core/framing/*.ts'], spec: ['spec/core/framing/*.spec.ts'] },
  { room: 'lib/core/decorators', mutate: ['lib/core/decorators/*.ts'], spec: ['spec/core/decorators/*.spec.ts'] },
  {
    room: 'lib/core/metrics',
    mutate: ['lib/core/metrics/*.ts'],
    spec: ['spec/core/metrics/*.spec.ts', ...READERS, ...written],
  },
  { room: 'lib/core/formats', mutate: WRITERS.map((file) => `lib/core/formats/${file}.ts`), spec: written },
];

/**
 * Titles of excluded tests. Threads run the built code, which has no mutants, and waiting for the garbage collector is
 * slow.
 */
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
  testRunnerNodeArgs: ['--conditions=tinyllm-source', '--import=./spec/support/register.js'],
  mochaOptions: { config: 'mutation/mocharc.json', grep: `^(?!.*(${LEFT_OUT.join('|')}))` },
  ignorePatterns: ['.ci', 'benchmarks', 'cli', 'dist', 'lib/*/dist', 'docs', 'samples', 'mutation/reports'],
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  incremental: true,
  tempDirName: 'mutation/.sandbox',
  disableTypeChecks: false,
  concurrency: 2,
  // Long enough that a busy machine causes no timeout, and short enough that endless loops are detected.
  timeoutMS: 6_000,
};

/** The minimum share of detected mutants, in percent. */
export const LEAST_SCORE = 85;
