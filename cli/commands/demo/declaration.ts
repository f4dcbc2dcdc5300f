import { debug, expected, json, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import type { Given } from '../../command/given.js';
import { portFlags } from '../../flags/metrics-server.js';

/** As many as one process can be expected to keep up with, bursts aside. */
const highestRate = 1000;

/** `tinyllm demo`. */
export const demo: CommandDeclaration = {
  name: 'demo',
  summary: 'Serve the metrics of simulated traffic',
  details: 'To see dashboards and alerts at work, without a model.',
  flags: {
    ...portFlags,
    seed: { ...text, describe: 'Whole number; the same one simulates the same traffic', defaultDescription: '1' },
    rate: {
      ...text,
      describe: `Simulated requests on the mean, at most ${highestRate}/s: 5/s, 300/m`,
      defaultDescription: '5/s',
    },
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
      rate: readRate(given),
      durationSeconds: given.seconds('duration'),
      json: given.switch('json'),
    };
    return async (context) => (await import('./demo.js')).demo(options, context);
  },
};

function readRate(given: Given): number {
  const rate = given.rate('rate') ?? 5;
  if (rate <= highestRate) return rate;
  throw given.wrong(`--rate got ${rate} a second; expected ${highestRate}/s at most.`);
}
