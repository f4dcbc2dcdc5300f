/** The type of every flag with a value. {@link CommandArguments} converts and checks the value. */
export const text = { type: 'string' } as const;

export const json = { type: 'boolean', describe: 'Print one JSON object on stdout' } as const;
export const debug = { type: 'boolean', describe: 'Show the stack trace of an error' } as const;

/** The default address of servers. */
export const localhost = '127.0.0.1';

/** Descriptions of expected values, for error messages. */
export const expected = {
  graphFile: 'a graph file (YAML)',
  webConfigFile: 'a web configuration file (YAML)',
  host: 'a host name or address of this machine',
} as const;
