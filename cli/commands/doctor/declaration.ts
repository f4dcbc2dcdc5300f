import { providerNames } from '@tinyllm/executor/settings';
import { shownAddress } from 'tinyllm/configuration';
import { debug, json, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, sessionVariables } from '../../command/environment-variables.js';
import type { Given } from '../../command/given.js';
import { providerFlags, readBaseUrl } from '../../flags/provider.js';
import { readStore } from '../../flags/stores.js';
import { readTopUrl, type TopUrl } from '../top/top-url.js';

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
    endpoint: { ...text, describe: 'URL that metrics are served at: what is odd about them?' },
    prometheus: { ...text, describe: 'URL of a Prometheus: does it scrape the endpoint, or the job tinyllm?' },
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
      endpoint: readUrl(given, 'endpoint', 'http://127.0.0.1:9090'),
      prometheus: readUrl(given, 'prometheus', 'http://127.0.0.1:9091'),
      json: given.switch('json'),
    };
    return async (context) => (await import('./doctor.js')).doctor(options, context);
  },
};

function readUrl(given: Given, flag: 'endpoint' | 'prometheus', example: string): TopUrl | undefined {
  const expected = `a URL such as ${example}`;
  const url = given.text(flag, expected);
  if (url === undefined) return undefined;
  const place = readTopUrl(url);
  if (place === undefined) throw given.wrong(`--${flag} got ${shownAddress(url)}; expected ${expected}.`);
  return place;
}
