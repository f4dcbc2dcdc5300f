import { catalog } from 'tinyllm/catalog';
import { quote } from 'tinyllm/configuration';
import { ProxySettingsError } from '../errors/proxy-errors.js';
import { isLabelText } from './label-text.js';

/**
 * The source of the values of a label:
 *
 * - `{ header }`: the value of this request header; empty if the request does not have the header
 * - `{ value }`: this text
 * - `'key'`: the name of the client's API key; empty if the key has no name
 * - `'provider'`: the API of the request: `ollama`, `openai`, `anthropic` or `gemini`
 */
export type ProxyLabelSource = { readonly header: string } | { readonly value: string } | 'key' | 'provider';

/** Additional labels of request metrics. */
export interface ProxyLabelsOptions {
  /** The additional labels by name; default none. */
  readonly labels?: Readonly<Record<string, ProxyLabelSource>> | undefined;
  /**
   * The values with their own series, for labels from headers. All other values count as `other`. Default: the first
   * `maxLabelValues` values of each label.
   */
  readonly labelValues?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Maximum number of values of each label from a header that have their own series; default 100. */
  readonly maxLabelValues?: number | undefined;
}

const validName = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that Prometheus uses: parts of a histogram or summary, and labels that a scrape adds. */
const namesOfPrometheus = ['le', 'quantile', 'job', 'instance'] as const;
/** Names that cannot be additional labels, because the metrics of requests or Prometheus use them. */
const reservedNames: ReadonlySet<string> = new Set<string>([
  ...namesOfPrometheus,
  ...Object.values(catalog).flatMap(({ labels, perCall }): readonly string[] => (perCall ? labels : [])),
]);

/** Describes {@link isLabelText}. */
const expectedText = 'a text of 1 to 256 characters without control characters';

/** Characters of a header name. Source: RFC 9110 §5.6.2. */
const validHeader = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/**
 * Words that mark a header with a secret, wherever they occur between dashes. The header `x-amzn-oidc-data` contains a
 * token.
 */
const secretHeader =
  /(?:^|-)(?:proxy-)?(?:authorization|cookie2?|tokens?|accesstoken|jwt|assertion|secret|password|passwd|credentials?|signature)(?:-|$)|(?:^|-|api)key$|^x-amzn-oidc-data$/;

/**
 * Returns the end of an error message that describes the expected label; `undefined` if the label is valid.
 *
 * Headers with secrets, such as `Authorization`, are not valid, because everyone who reads the metrics sees the values.
 */
export function labelProblem(name: string, source: ProxyLabelSource): string | undefined {
  if (!validName.test(name)) {
    return 'expected a label name of letters, digits and underscores that starts with a letter or one underscore';
  }
  if (reservedNames.has(name)) {
    return 'expected a label name that neither Prometheus nor the metrics of TinyLLM use, such as tenant';
  }
  if (source === 'key' || source === 'provider') return undefined;
  if (isHeader(source)) return headerProblem(source.header);
  if (!isFixed(source)) return "expected { header: 'x-tenant' }, { value: 'prod' }, 'key' or 'provider'";
  return isLabelText(source.value) ? undefined : `expected ${expectedText}`;
}

/**
 * Checks the additional labels, their values and their limit.
 *
 * @throws {ProxySettingsError} if a name, a source, a value or the limit is invalid.
 */
export function checkLabels({ labels = {}, labelValues = {}, maxLabelValues = 1 }: ProxyLabelsOptions): void {
  for (const [name, source] of Object.entries(labels)) {
    const problem = labelProblem(name, source);
    if (problem === undefined) continue;
    throw new ProxySettingsError(`labels got ${quote(name)} with ${quote(JSON.stringify(source) ?? '')}; ${problem}.`);
  }
  for (const [name, values] of Object.entries(labelValues)) {
    const source = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (!isHeader(source)) {
      throw new ProxySettingsError(`labelValues got ${quote(name)}; expected a label in labels with a header.`);
    }
    const wrong = values.find((value) => !isLabelText(value));
    if (wrong !== undefined) {
      throw new ProxySettingsError(`labelValues.${name} got ${quote(wrong)}; expected ${expectedText}.`);
    }
  }
  if (!Number.isInteger(maxLabelValues) || maxLabelValues < 1) {
    throw new ProxySettingsError(`maxLabelValues got ${maxLabelValues}; expected a whole number of at least 1.`);
  }
}

/** Whether the values of a label come from a header. */
export function isHeader(source: unknown): source is { readonly header: string } {
  return typeof (source as { readonly header?: unknown } | null | undefined)?.header === 'string';
}

function isFixed(source: unknown): source is { readonly value: string } {
  return typeof (source as { readonly value?: unknown } | null | undefined)?.value === 'string';
}

function headerProblem(header: string): string | undefined {
  if (!validHeader.test(header)) return 'expected the name of a request header, such as X-Tenant';
  if (!secretHeader.test(header.toLowerCase())) return undefined;
  return 'expected a header without secrets, such as X-Tenant, because everyone who reads the metrics sees its values';
}
