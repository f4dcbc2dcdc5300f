import { markErrors, TinyLLMError } from 'tinyllm/configuration';

/** The settings of a proxy are not valid. */
export class ProxySettingsError extends TinyLLMError {}

/** How an upstream failed. `unavailable`: it responded with 502, 503 or 504. */
export type UpstreamFailure = 'unreachable' | 'timeout' | 'broken' | 'unavailable';

/**
 * An upstream could not be reached, closed the connection during an exchange, sent an invalid response, or responded
 * with 502, 503 or 504.
 */
export class UpstreamError extends TinyLLMError {
  constructor(
    /** The host and port of the upstream. */
    readonly upstream: string,
    readonly failure: UpstreamFailure,
    message: string,
    facts: { readonly cause?: unknown } = {},
  ) {
    super(message, facts);
  }
}

markErrors({ ProxySettingsError, UpstreamError });
