import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, expected, json, localhost, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { recordingVariables } from '../../command/environment-variables.js';
import { bucketsFlag, readBuckets } from '../../flags/buckets.js';
import { portFlags } from '../../flags/metrics-server.js';
import { nativeHistogramsFlag, readNativeHistograms } from '../../flags/native-histograms.js';

/** The maximum average rate that one process can simulate. */
const highestRate = 1000;

/** `tinyllm demo`. */
export const demo: CommandDeclaration = {
  name: 'demo',
  summary: 'Serve the metrics of simulated traffic',
  details: 'Use it to try dashboards and alerts without a model.',
  variables: recordingVariables,
  flags: {
    ...portFlags,
    ...bucketsFlag,
    ...nativeHistogramsFlag,
    seed: { ...text, describe: 'Whole number; the same seed simulates the same traffic', defaultDescription: '1' },
    rate: {
      ...text,
      describe: `Average simulated request rate, at most ${highestRate}/s, such as 5/s or 300/m`,
      defaultDescription: '5/s',
    },
    duration: { ...text, describe: 'Duration of the simulation in seconds', defaultDescription: 'until Ctrl-C' },
    json,
    debug,
  },
  example: ['tinyllm demo --duration 300', 'Serve metrics of five minutes of simulated traffic'],
  read: (args) => {
    args.rejectWords();
    const options = {
      port: args.port('port') ?? 9090,
      host: args.text('host', expected.host) ?? localhost,
      webConfigFile: args.text('web-config-file', expected.webConfigFile),
      page: !args.switch('no-page'),
      openMetrics2: args.switch('openmetrics-2'),
      buckets: readBuckets(args, process.env),
      nativeHistograms: readNativeHistograms(args, process.env),
      seed: args.count('seed') ?? 1,
      rate: readRate(args),
      durationSeconds: args.seconds('duration'),
      json: args.switch('json'),
    };
    return async (context) => (await import('./demo.js')).demo(options, context);
  },
};

function readRate(args: CommandArguments): number {
  const rate = args.rate('rate') ?? 5;
  if (rate <= highestRate) return rate;
  throw args.usageError(`--rate got ${rate}/s; expected at most ${highestRate}/s.`);
}
