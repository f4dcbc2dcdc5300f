/** A folder `lib/<name>/` or a file `lib/<name>.ts`, and the rooms its files may import. */
export interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
  /** Rooms of which it may import types only. */
  readonly typesOnly?: readonly string[];
}

/** The rooms of `lib/`, each below the ones it may import. A new room is one line. */
export const rooms: readonly Room[] = [
  { name: 'errors', mayImport: [] },
  { name: 'version', mayImport: [] },
  { name: 'yaml', mayImport: ['errors'] },
  { name: 'files', mayImport: [] },
  { name: 'redis-address', mayImport: ['errors'] },
  { name: 'listen', mayImport: ['errors'] },
  { name: 'access', mayImport: ['files', 'errors'] },
  { name: 'metrics', mayImport: ['errors'] },
  { name: 'catalog', mayImport: [], typesOnly: ['metrics'] },
  { name: 'instruments', mayImport: ['catalog', 'metrics'] },
  { name: 'collector', mayImport: ['instruments', 'catalog', 'metrics', 'version', 'errors'] },
  { name: 'shared-collector', mayImport: ['collector', 'exposition', 'metrics'] },
  { name: 'decorators', mayImport: ['shared-collector', 'collector', 'catalog', 'metrics', 'errors'] },
  { name: 'exposition', mayImport: ['catalog', 'metrics', 'yaml', 'files', 'listen', 'errors'] },
  { name: 'resilience', mayImport: ['shared-collector', 'collector', 'errors'] },
  { name: 'stores', mayImport: ['shared-collector', 'collector', 'redis-address', 'files', 'errors'] },
  { name: 'queue', mayImport: ['shared-collector', 'collector', 'redis-address', 'errors'] },
  {
    name: 'models',
    mayImport: ['decorators', 'resilience', 'stores', 'shared-collector', 'collector', 'yaml', 'errors'],
  },
  { name: 'graph', mayImport: ['decorators', 'models', 'stores', 'queue', 'redis-address', 'yaml', 'errors'] },
  {
    name: 'proxy',
    mayImport: [
      ...['decorators', 'models', 'queue', 'resilience', 'shared-collector', 'collector'],
      ...['access', 'listen', 'errors'],
    ],
  },
  {
    name: 'chat-server',
    mayImport: ['graph', 'models', 'queue', 'decorators', 'exposition', 'collector', 'access', 'listen', 'errors'],
  },
  {
    name: 'integrations',
    mayImport: ['decorators', 'exposition', 'models', 'metrics', 'shared-collector', 'collector', 'errors'],
  },
  { name: 'monitoring', mayImport: ['catalog'] },
];

/** The public surface, which may import every room and holds explicit named exports only. */
export const publicSurface = 'lib/index.ts';

/** The one room that may spell a metric's name. */
export const catalogRoom = 'catalog';

/** The command line: the only file that may end the process, the only one that may print, the only one that sends signals. */
export const commandLine = {
  exits: 'cli/main.ts',
  prints: 'cli/output.ts',
  signals: 'cli/top/terminal-session.ts',
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
