import { debug, expected, json, localhost, noPage, text, webConfigFile } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

/** `tinyllm demo`. */
export const demo: CommandDeclaration = {
  name: 'demo',
  summary: 'Serve the metrics of simulated traffic, to see dashboards and alerts at work',
  flags: {
    port: { ...text, describe: 'Port to serve on; 0 picks a free one', defaultDescription: '9090' },
    host: { ...text, describe: 'Address to serve on', defaultDescription: localhost },
    'web-config-file': webConfigFile,
    'no-page': noPage,
    seed: { ...text, describe: 'Whole number; the same one simulates the same traffic', defaultDescription: '1' },
    rate: { ...text, describe: 'Simulated requests on the mean: 5/s, 300/m', defaultDescription: '5/s' },
    duration: { ...text, describe: 'Seconds to go on for', defaultDescription: 'until Ctrl-C' },
    json,
    debug,
  },
  example: ['tinyllm demo --duration 300', 'Simulate five minutes of traffic, and serve its metrics'],
  read: (given) => {
    given.nothingElse();
    const options = {
      port: given.port('port') ?? 9090,
      host: given.text('host', expected.host) ?? localhost,
      webConfigFile: given.text('web-config-file', expected.webConfigFile),
      page: !given.switch('no-page'),
      seed: given.count('seed') ?? 1,
      rate: given.rate('rate') ?? 5,
      durationSeconds: given.seconds('duration'),
      json: given.switch('json'),
    };
    return async (context) => (await import('../commands/demo.js')).demo(options, context);
  },
};
