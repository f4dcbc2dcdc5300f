import { type CallFacts, errorFacts, ModelError, ModelNotFoundError } from 'tinyllm/recording';

/** What the server says of a model that its library does not have, where a status would say it for other calls. */
const noManifest = /pull model manifest: .*(?:does not exist|not found)/;

/** What a failed pull is to throw: a model that the library lacks is one that was not found. */
export function pullError(call: CallFacts & { readonly model: string }, error: unknown): unknown {
  if (!(error instanceof ModelError) || !noManifest.test(error.message)) return error;
  return new ModelNotFoundError(
    `The library that Ollama pulls from has no model ${call.model}; https://ollama.com/library shows those it has.`,
    errorFacts(call, { cause: error, ...(error.status === undefined ? {} : { status: error.status }) }),
  );
}
