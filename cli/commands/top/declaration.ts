import { shownAddress } from 'tinyllm/configuration';
import { debug, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { readTopUrl } from './top-url.js';

const defaultUrl = 'http://127.0.0.1:9090';
const expectedUrl = `the URL of a metrics endpoint, such as ${defaultUrl}`;
const variable = 'TINYLLM_TOP_URL';

/** `tinyllm top`. */
export const top: CommandDeclaration = {
  name: 'top',
  summary: 'Show live metrics of a TinyLLM endpoint',
  variables: ['TINYLLM_TOP_URL'],
  argument: {
    usage: '[url]',
    name: 'url',
    type: 'string',
    describe: `Metrics URL, with user and password if required; default ${variable}, or ${defaultUrl}`,
  },
  flags: {
    interval: { ...text, describe: 'Seconds between two scrapes', defaultDescription: '2' },
    window: { ...text, describe: 'Seconds over which rates are calculated', defaultDescription: '10' },
    once: { type: 'boolean', describe: 'Scrape twice, show the values once, then exit' },
    json: { type: 'boolean', describe: 'Print one JSON object per scrape, each on its own line' },
    debug,
  },
  example: ['tinyllm top http://127.0.0.1:9090', 'Watch requests, latency, errors, tokens and the slowest nodes'],
  read: (args) => {
    const argument = args.word('url', expectedUrl);
    const url = argument ?? (process.env[variable] || defaultUrl);
    const endpoint = readTopUrl(url);
    if (endpoint === undefined) {
      const source = argument === undefined ? variable : 'top';
      throw args.usageError(`${source} got ${shownAddress(url)}; expected ${expectedUrl}.`);
    }
    const intervalSeconds = args.seconds('interval') ?? 2;
    if (intervalSeconds < 0.1)
      throw args.usageError(`--interval got ${intervalSeconds}; expected at least 0.1 seconds.`);
    const options = {
      ...endpoint,
      intervalSeconds,
      windowSeconds: args.seconds('window') ?? 10,
      once: args.switch('once'),
      json: args.switch('json'),
    };
    return async (context) => (await import('./top.js')).top(options, context);
  },
};
