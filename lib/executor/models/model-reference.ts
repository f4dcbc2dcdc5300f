import { quote, suggestion } from 'tinyllm/configuration';
import { UnknownProviderError } from '../errors/model-client-errors.js';
import type { ModelSettings } from './model-settings.js';
import { providerNames } from './provider-names.js';

/**
 * Reads a model as a command line names it: `provider/model`, or `provider` alone for the one it would choose.
 *
 * @throws {UnknownProviderError} when what stands before the first slash is no provider.
 */
export function modelReference(text: string): ModelSettings {
  const slash = text.indexOf('/');
  const [named, model] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const provider = providerNames.find((name) => name === named);
  if (provider !== undefined) return { provider, ...(model === '' ? {} : { model }) };
  throw new UnknownProviderError(
    `${quote(text)} is no model; expected provider/model, such as ollama/qwen2.5:0.5b, with one of the providers ${providerNames.join(', ')}.${suggestion(named, providerNames)}`,
  );
}
