import { TinyLLMError } from 'tinyllm/configuration';

/** A metrics endpoint did not answer, or not with the metrics of a TinyLLM. */
export class EndpointError extends TinyLLMError {}
