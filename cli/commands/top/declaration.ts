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
  summary: "Show a TinyLLM's numbers as they change",
  variables: ['TINYLLM_TOP_URL'],
  argument: {
    usage: '[url]',
    name: 'url',
    type: 'string',
    describe: `Where its metrics are served, user and password included; default ${variable}, or ${defaultUrl}`,
  },
  flags: {
    interval: { ...text, describe: 'Seconds between two readings', defaultDescription: '2' },
    window: { ...text, describe: 'Seconds that rates are taken over', defaultDescription: '10' },
    once: { type: 'boolean', describe: 'Show the numbers of two readings, and end' },
    json: { type: 'boolean', describe: 'Print one JSON object a reading, each on its line' },
    debug,
  },
  example: ['tinyllm top http://127.0.0.1:9090', 'Watch requests, latency, errors, tokens and the slowest nodes'],
  read: (given) => {
    const named = given.word('url', expectedUrl);
    const url = named ?? (process.env[variable] || defaultUrl);
    const place = readTopUrl(url);
    if (place === undefined) {
      const whence = named === undefined ? variable : 'top';
      throw given.wrong(`${whence} got ${shownAddress(url)}; expected ${expectedUrl}.`);
    }
    const intervalSeconds = given.seconds('interval') ?? 2;
    if (intervalSeconds < 0.1) throw given.wrong(`--interval got ${intervalSeconds}; expected seconds from 0.1 on.`);
    const options = {
      ...place,
      intervalSeconds,
      windowSeconds: given.seconds('window') ?? 10,
      once: given.switch('once'),
      json: given.switch('json'),
    };
    return async (context) => (await import('./top.js')).top(options, context);
  },
};
