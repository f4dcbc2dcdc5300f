/** A package of the workspace. */
export interface Package {
  /** The package's folder, `lib/<name>` or `cli`. */
  readonly folder: string;
  /** The package name in npm. */
  readonly name: string;
  /** The entry files by subpath. Each is directly in the folder and contains only explicit named exports. */
  readonly entries: Readonly<Record<string, string>>;
  /** The packages that this package may import. */
  readonly mayImport: readonly string[];
  /** The package's rooms (its direct subfolders), with the rooms that each may import. Each room has one entry. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** By room: other rooms from which it may import only types. */
  readonly typesOnly?: Readonly<Record<string, readonly string[]>>;
}

const settings = { './settings': 'settings.ts' };

/** All packages. Each one is listed after the packages that it may import. */
export const packages: readonly Package[] = [
  {
    folder: 'lib/core',
    name: 'tinyllm',
    entries: {
      '.': 'index.ts',
      './catalog': 'catalog.ts',
      './recording': 'recording.ts',
      './server': 'server.ts',
      './configuration': 'configuration.ts',
    },
    mayImport: [],
    rooms: {
      errors: [],
      version: [],
      files: [],
      yaml: ['errors'],
      metrics: ['errors'],
      catalog: [],
      formats: ['metrics', 'errors'],
      // Formats only write the interface `Family`, which aggregation implements.
      aggregation: ['formats', 'metrics'],
      collector: ['aggregation', 'catalog', 'metrics', 'yaml', 'version', 'errors'],
      framing: [],
      providers: ['errors'],
      recording: ['providers', 'framing', 'collector', 'metrics', 'errors'],
      decorators: ['recording', 'collector', 'metrics', 'errors'],
      server: ['aggregation', 'formats', 'catalog', 'metrics', 'yaml', 'files', 'errors'],
      push: ['server', 'formats', 'metrics', 'files', 'framing', 'errors'],
      integrations: [
        'decorators',
        'recording',
        'providers',
        'server',
        'aggregation',
        'formats',
        'metrics',
        'collector',
        'errors',
      ],
    },
    typesOnly: { catalog: ['metrics'] },
  },
  {
    folder: 'lib/prom-client',
    name: '@tinyllm/prom-client',
    entries: { '.': 'index.ts' },
    mayImport: ['tinyllm'],
    rooms: {
      registries: [],
      metrics: ['registries'],
      'default-metrics': ['metrics', 'registries'],
      push: ['registries'],
      server: ['registries'],
      // The object with all exports.
      compatibility: ['server', 'push', 'default-metrics', 'metrics', 'registries'],
    },
  },
  {
    folder: 'lib/resilience',
    name: '@tinyllm/resilience',
    entries: { '.': 'index.ts', ...settings },
    mayImport: ['tinyllm'],
    rooms: { errors: [], policies: [], queue: ['errors'] },
  },
  {
    folder: 'lib/executor',
    name: '@tinyllm/executor',
    entries: { '.': 'index.ts', ...settings, './servers': 'servers.ts' },
    mayImport: ['tinyllm', '@tinyllm/resilience'],
    rooms: {
      errors: [],
      redis: ['errors'],
      stores: ['redis', 'errors'],
      queue: ['redis', 'errors'],
      schema: [],
      models: ['schema', 'stores', 'redis', 'errors'],
      graph: ['schema', 'models', 'stores', 'queue', 'redis', 'errors'],
      'chat-server': ['graph', 'models', 'queue', 'errors'],
    },
  },
  {
    folder: 'lib/proxy',
    name: '@tinyllm/proxy',
    entries: { '.': 'index.ts', ...settings },
    mayImport: ['tinyllm', '@tinyllm/resilience'],
    rooms: { errors: [], forwarding: ['errors'], observation: ['forwarding', 'errors'] },
  },
  {
    folder: 'lib/hub',
    name: '@tinyllm/hub',
    entries: { '.': 'index.ts' },
    mayImport: ['tinyllm'],
    rooms: {
      errors: [],
      pushes: ['errors'],
      sums: ['pushes', 'errors'],
      storage: ['sums', 'pushes', 'errors'],
      server: ['storage', 'sums', 'pushes', 'errors'],
    },
  },
  {
    folder: 'lib/monitoring',
    name: '@tinyllm/monitoring',
    entries: { '.': 'index.ts', ...settings },
    mayImport: ['tinyllm'],
    rooms: {
      settings: [],
      queries: ['settings'],
      rules: ['queries', 'settings'],
      alerts: ['rules', 'queries', 'settings'],
      dashboards: ['alerts', 'rules', 'queries', 'settings'],
      // Uses Grafana's SDK. The build replaces `dashboard-templates.ts` with its output.
      grafana: ['dashboards', 'queries', 'settings'],
      configurations: ['settings'],
      export: ['configurations', 'grafana', 'dashboards', 'alerts', 'rules', 'settings'],
    },
  },
  {
    folder: 'cli',
    name: '@tinyllm/cli',
    entries: {},
    mayImport: [
      ...['tinyllm', '@tinyllm/resilience', '@tinyllm/executor', '@tinyllm/proxy', '@tinyllm/hub'],
      '@tinyllm/monitoring',
    ],
    rooms: {
      errors: [],
      terminal: ['errors'],
      command: ['terminal', 'errors'],
      flags: ['command', 'errors'],
      metrics: ['command', 'errors'],
      executor: ['flags', 'command', 'terminal', 'errors'],
      batch: ['executor', 'flags', 'command', 'errors'],
      commands: ['batch', 'executor', 'metrics', 'flags', 'command', 'terminal', 'errors'],
      program: ['commands', 'command', 'terminal', 'errors'],
    },
  },
];

/** The only file with a default export. Users of prom-client write `import client from 'prom-client'`. */
export const defaultExport = 'lib/prom-client/index.ts';

/** The only room that may contain metric names. */
export const catalogRoom = 'lib/core/catalog';

/** The only files that may end the process, print and send signals. */
export const commandLine = {
  exits: 'cli/main.ts',
  prints: 'cli/terminal/output.ts',
  signals: 'cli/commands/top/terminal-session.ts',
} as const;

/** Limits in lines for the files in `lib/` and `cli/`. */
export const fileLength = { median: 80, cap: 250 } as const;

/** Limits for fragments. A fragment is a short file that only one other file imports. */
export const fragments = {
  /** Maximum lines of a fragment. */
  lines: 20,
  /** Maximum share of fragments among all files, in percent. */
  percent: 4,
  /** Maximum share of fragments in a room, in percent. Applies to rooms with at least `roomFiles` files. */
  roomPercent: 25,
  roomFiles: 4,
} as const;

/** Specs that don't test one source file. The paths of all other specs mirror `lib/` or `cli/`. */
export const specsWithoutSource: readonly string[] = [
  'spec/corpus.spec.ts',
  'spec/client-streams.spec.ts',
  'spec/architecture.spec.ts',
  'spec/bundling.spec.ts',
  'spec/core/providers/corpus.spec.ts',
  'spec/package.spec.ts',
  'spec/package-locks.spec.ts',
  'spec/package-documents.spec.ts',
  'spec/document-commands.spec.ts',
  'spec/documents.spec.ts',
  'spec/expressions.spec.ts',
  'spec/language.spec.ts',
  'spec/samples.spec.ts',
  'spec/security.spec.ts',
];
