import { quote } from '../../yaml/quote.js';
import { expectedLabelText, isLabelText, labelNameProblem } from './label-checks.js';

/**
 * The source of the values of a label:
 *
 * - `{ header }`: the value of this request header; empty if the request does not have the header
 * - `{ value }`: this text
 * - `'key'`: the name of the client's API key; empty if the key has no name
 * - `'provider'`: the API of the request: `ollama`, `openai`, `anthropic` or `gemini`
 */
export type ClientLabelSource = { readonly header: string } | { readonly value: string } | 'key' | 'provider';

/** Additional labels of request metrics. */
export interface ClientLabelsOptions {
  /** The additional labels by name; default none. */
  readonly labels?: Readonly<Record<string, ClientLabelSource>> | undefined;
  /**
   * The values with their own series, for labels from headers. All other values count as `other`. Default: the first
   * `maxLabelValues` values of each label.
   */
  readonly labelValues?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Maximum number of values of each label from a header that have their own series; default 100. */
  readonly maxLabelValues?: number | undefined;
}

/** Characters of a header name. Source: RFC 9110 §5.6.2. */
const validHeader = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Names of secrets that mark a header wherever a word of its name ends with them, such as `X-AuthToken`. */
const secretWord =
  /(?:authorization|cookies?2?|tokens?|jwt|assertion|secrets?|password|passwd|credentials?|signature|apikeys?)(?:-|$)/;
/** Complete words that mark a header with a secret. `x-auth-request-user` has none. */
const secretWords = /(?:^|-)(?:bearer|session-?id)(?:-|$)|(?:^|-)(?:auth|authentication|keys?)-?$/;
/** A header with a token of AWS. */
const oidcData = 'x-amzn-oidc-data';

/**
 * Returns the end of an error message that describes the expected source of a label; `undefined` if the source is valid.
 *
 * Headers with secrets, such as `Authorization`, are not valid, because everyone who reads the metrics sees the values.
 */
export function labelSourceProblem(source: ClientLabelSource): string | undefined {
  if (source === 'key' || source === 'provider') return undefined;
  if (isHeaderSource(source)) return headerProblem(source.header);
  if (!isFixed(source)) return "expected { header: 'x-tenant' }, { value: 'prod' }, 'key' or 'provider'";
  return isLabelText(source.value) ? undefined : `expected ${expectedLabelText}`;
}

/**
 * Checks the additional labels, their values and their limit. Returns an error message for the first invalid name, source
 * or value, or for an invalid limit; `undefined` if everything is valid.
 */
export function clientLabelsProblem({
  labels = {},
  labelValues = {},
  maxLabelValues = 1,
}: ClientLabelsOptions): string | undefined {
  for (const [name, source] of Object.entries(labels)) {
    const nameProblem = labelNameProblem(name);
    if (nameProblem !== undefined) return `labels ${nameProblem}`;
    const problem = labelSourceProblem(source);
    if (problem !== undefined) {
      return `labels got ${quote(name)} with ${quote(JSON.stringify(source) ?? '')}; ${problem}.`;
    }
  }
  for (const [name, values] of Object.entries(labelValues)) {
    const source = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (!isHeaderSource(source)) {
      return `labelValues got ${quote(name)}; expected a label in labels with a header.`;
    }
    const wrong = values.find((value) => !isLabelText(value));
    if (wrong !== undefined) return `labelValues.${name} got ${quote(wrong)}; expected ${expectedLabelText}.`;
  }
  if (Number.isInteger(maxLabelValues) && maxLabelValues >= 1) return undefined;
  return `maxLabelValues got ${maxLabelValues}; expected a whole number of at least 1.`;
}

/** Whether the values of a label come from a header. */
export function isHeaderSource(source: unknown): source is { readonly header: string } {
  return typeof (source as { readonly header?: unknown } | null | undefined)?.header === 'string';
}

function isFixed(source: unknown): source is { readonly value: string } {
  return typeof (source as { readonly value?: unknown } | null | undefined)?.value === 'string';
}

function headerProblem(header: string): string | undefined {
  if (!validHeader.test(header)) return 'expected the name of a request header, such as X-Tenant';
  if (!isSecretHeader(header)) return undefined;
  return 'expected a header without secrets, such as X-Tenant, because everyone who reads the metrics sees its values';
}

/** Whether the words of a header mark a secret. Dashes, underscores and other symbols separate words. */
function isSecretHeader(header: string): boolean {
  const words = header.toLowerCase().replace(/[^a-z\d]+/g, '-');
  return secretWord.test(words) || secretWords.test(words) || words === oidcData;
}
