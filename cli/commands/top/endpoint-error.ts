import { TinyLLMError } from 'tinyllm/configuration';

/** A metrics endpoint did not respond, or its response has no metrics of TinyLLM. */
export class EndpointError extends TinyLLMError {}
