import { providerNames } from '@tinyllm/executor/settings';
import { shownAddress } from 'tinyllm/configuration';
import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, json, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables, recordingVariables } from '../../command/environment-variables.js';
import { providerFlags, readBaseUrl } from '../../flags/provider.js';
import { readStore } from '../../flags/stores.js';
import { readTopUrl, type TopUrl } from '../top/top-url.js';

/** `tinyllm doctor`. */
export const doctor: CommandDeclaration = {
  name: 'doctor',
  summary: 'Check the installation and suggest fixes',
  variables: [...modelVariables, ...recordingVariables, 'TINYLLM_HUB'],
  failure: 'A check failed',
  flags: {
    provider: {
      ...text,
      accepts: providerNames,
      describe: `Provider to check: ${providerNames.join(', ')}`,
      defaultDescription: 'the provider that run would use',
    },
    model: {
      ...text,
      describe: "Model to check: the model's name at its provider; for llama-cpp the path of a GGUF file",
    },
    ...providerFlags,
    'metrics-port': {
      ...text,
      describe: 'Port on which to check that metrics can be served',
      defaultDescription: 'any free port',
    },
    endpoint: { ...text, describe: 'Metrics URL to check for problems' },
    prometheus: {
      ...text,
      describe: 'URL of a Prometheus; checks that it scrapes --endpoint or, without that flag, the job tinyllm',
    },
    store: { ...text, describe: 'Redis to check: redis://…' },
    json,
    debug,
  },
  example: ['tinyllm doctor --provider ollama --metrics-port 9090', 'Check Ollama and port 9090'],
  read: (args) => {
    args.rejectWords();
    const provider = args.choice('provider', providerNames);
    const options = {
      provider,
      model: args.text('model', 'the name of a model'),
      baseUrl: readBaseUrl(args, provider),
      metricsPort: args.port('metrics-port'),
      store: readStore(args),
      hub: process.env.TINYLLM_HUB || undefined,
      endpoint: readUrl(args, 'endpoint', 'http://127.0.0.1:9090'),
      prometheus: readUrl(args, 'prometheus', 'http://127.0.0.1:9091'),
      json: args.switch('json'),
    };
    return async (context) => (await import('./doctor.js')).doctor(options, context);
  },
};

function readUrl(args: CommandArguments, flag: 'endpoint' | 'prometheus', example: string): TopUrl | undefined {
  const expected = `a URL such as ${example}`;
  const url = args.text(flag, expected);
  if (url === undefined) return undefined;
  const target = readTopUrl(url);
  if (target === undefined) throw args.usageError(`--${flag} got ${shownAddress(url)}; expected ${expected}.`);
  return target;
}
