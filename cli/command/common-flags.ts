/** What every flag is that takes a value; {@link Given} reads it further. */
export const text = { type: 'string' } as const;

export const json = { type: 'boolean', describe: 'Print one JSON object on stdout' } as const;
export const debug = { type: 'boolean', describe: 'Show the stack of an error' } as const;

/** Where metrics are served unless told otherwise. */
export const localhost = '127.0.0.1';

/** What flags and arguments expect, as errors say it. */
export const expected = {
  graphFile: 'a graph file (YAML)',
  webConfigFile: 'a web configuration file (YAML)',
  host: 'a host name or address of this machine',
} as const;
