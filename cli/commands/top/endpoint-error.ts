import { TinyLLMError } from '../../../lib/core/errors/tinyllm-error.js';

/** A metrics endpoint did not answer, or not with the metrics of a TinyLLM. */
export class EndpointError extends TinyLLMError {}
