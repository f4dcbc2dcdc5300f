/** A folder `lib/<package>/<name>/`, or `lib/<name>/` of a package without rooms, and the rooms its files may import. */
export interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
  /** Rooms of which it may import types only. */
  readonly typesOnly?: readonly string[];
}

/** The rooms of `lib/`, each below the ones it may import. A new room is one line. */
export const rooms: readonly Room[] = [
  { name: 'core/errors', mayImport: [] },
  { name: 'core/version', mayImport: [] },
  { name: 'core/files', mayImport: [] },
  { name: 'core/yaml', mayImport: ['core/errors'] },
  { name: 'core/metrics', mayImport: ['core/errors'] },
  { name: 'core/catalog', mayImport: [], typesOnly: ['core/metrics'] },
  { name: 'core/formats', mayImport: ['core/metrics', 'core/errors'] },
  { name: 'core/aggregation', mayImport: ['core/formats', 'core/metrics'] },
  {
    name: 'core/collector',
    mayImport: ['core/aggregation', 'core/catalog', 'core/metrics', 'core/version', 'core/errors'],
  },
  { name: 'core/providers', mayImport: ['core/errors'] },
  { name: 'core/decorators', mayImport: ['core/collector', 'core/catalog', 'core/metrics', 'core/errors'] },
  {
    name: 'core/server',
    mayImport: [
      ...['core/aggregation', 'core/formats', 'core/catalog', 'core/metrics', 'core/yaml', 'core/files', 'core/errors'],
    ],
  },
  {
    name: 'core/push',
    mayImport: ['core/server', 'core/formats', 'core/metrics', 'core/files', 'core/errors'],
  },
  {
    name: 'core/integrations',
    mayImport: [
      ...['core/decorators', 'core/server', 'core/aggregation', 'core/formats', 'core/metrics', 'core/collector'],
      'core/errors',
    ],
  },
  {
    name: 'hub',
    mayImport: [
      ...['core/push', 'core/server', 'core/aggregation', 'core/formats', 'core/catalog', 'core/metrics', 'core/files'],
      'core/errors',
    ],
  },
  { name: 'resilience', mayImport: ['core/collector', 'core/errors'] },
  {
    name: 'executor',
    mayImport: [
      ...[
        'core/decorators',
        'core/providers',
        'core/server',
        'core/collector',
        'core/yaml',
        'core/files',
        'core/errors',
      ],
      'resilience',
    ],
  },
  {
    name: 'proxy',
    mayImport: ['core/decorators', 'core/providers', 'core/server', 'core/collector', 'core/errors', 'resilience'],
  },
  { name: 'monitoring', mayImport: ['core/catalog'] },
];

/** The public surface, which may import every room and holds explicit named exports only. */
export const publicSurface = 'lib/core/index.ts';

/** The one room that may spell a metric's name. */
export const catalogRoom = 'core/catalog';

/** The command line: the only file that may end the process, the only one that may print, the only one that sends signals. */
export const commandLine = {
  exits: 'cli/main.ts',
  prints: 'cli/terminal/output.ts',
  signals: 'cli/commands/top/terminal-session.ts',
} as const;

/** Lines of a file in `lib/` and `cli/`. */
export const fileLength = { median: 80, cap: 250 } as const;

/** Specs that hold something other than one source file; all others mirror `lib/` or `cli/`. */
export const specsWithoutSource: readonly string[] = [
  'spec/architecture.spec.ts',
  'spec/package.spec.ts',
  'spec/document-commands.spec.ts',
  'spec/documents.spec.ts',
  'spec/samples.spec.ts',
  'spec/security.spec.ts',
];
