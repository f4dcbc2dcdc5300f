import { markErrors, TinyLLMError } from 'tinyllm/configuration';

/** A proxy was set up in a way it cannot work. */
export class ProxySettingsError extends TinyLLMError {}

/** Why an upstream gave no answer, or not all of it. */
export type UpstreamFailure = 'unreachable' | 'timeout' | 'broken' | 'unavailable';

/** An upstream of a proxy could not be reached, broke off, or said that it cannot answer now. */
export class UpstreamError extends TinyLLMError {
  constructor(
    /** Its host and port. */
    readonly upstream: string,
    readonly failure: UpstreamFailure,
    message: string,
    facts: { readonly cause?: unknown } = {},
  ) {
    super(message, facts);
  }
}

markErrors({ ProxySettingsError, UpstreamError });
