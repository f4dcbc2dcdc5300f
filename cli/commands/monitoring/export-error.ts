import { TinyLLMError } from 'tinyllm/configuration';

/** The files of the monitoring kit cannot be written where they were asked for. */
export class ExportError extends TinyLLMError {}
