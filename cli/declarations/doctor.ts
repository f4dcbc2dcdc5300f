import { providerNames } from '../../lib/models/provider-names.js';
import { modelVariables, sessionVariables } from '../environment-variables.js';
import { providerFlags, readBaseUrl } from '../flags/provider.js';
import { readStore } from '../flags/stores.js';
import { debug, json, text } from './common-flags.js';
import type { CommandDeclaration } from './declaration.js';

/** `tinyllm doctor`. */
export const doctor: CommandDeclaration = {
  name: 'doctor',
  summary: 'Check what a run needs, and say what to do',
  variables: [...modelVariables, 'TINYLLM_HUB', ...sessionVariables],
  failure: 'Something that a run needs does not work',
  flags: {
    provider: {
      ...text,
      accepts: providerNames,
      describe: `Who is to answer: ${providerNames.join(', ')}`,
      defaultDescription: 'whoever run would ask',
    },
    model: { ...text, describe: "Model that is to answer, by the provider's name for it; for llama-cpp a file" },
    ...providerFlags,
    'metrics-port': { ...text, describe: 'Port that metrics are to be served on', defaultDescription: 'any free one' },
    store: { ...text, describe: 'Redis of sessions, caches or queues, redis://…' },
    json,
    debug,
  },
  example: ['tinyllm doctor --provider ollama --metrics-port 9090', 'See whether a run can work'],
  read: (given) => {
    given.nothingElse();
    const provider = given.choice('provider', providerNames);
    const options = {
      provider,
      model: given.text('model', 'the name of a model'),
      baseUrl: readBaseUrl(given, provider),
      metricsPort: given.port('metrics-port'),
      store: readStore(given),
      hub: process.env.TINYLLM_HUB || undefined,
      json: given.switch('json'),
    };
    return async (context) => (await import('../commands/doctor.js')).doctor(options, context);
  },
};
