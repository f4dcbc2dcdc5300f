import type { IncomingHttpHeaders } from 'node:http';
import { isLabelText } from './label-checks.js';
import { LabelNames, other } from './label-names.js';
import { type ClientLabelSource, type ClientLabelsOptions, isHeaderSource } from './label-sources.js';

const defaultValues = 100;

/** The parts of a request that contain values of labels. */
export interface LabelledRequest {
  readonly headers: IncomingHttpHeaders;
  /** The name of the API key of the client, if it has a name. */
  readonly keyName?: string | undefined;
}

/** Reads the values of the additional labels of requests. Values are in the order of {@link ClientLabels.names}. */
export class ClientLabels {
  readonly names: readonly string[];
  readonly #sources: readonly ClientLabelSource[];
  /** The values with their own series, for labels from headers. */
  readonly #known: readonly (LabelNames | undefined)[];

  constructor({ labels = {}, labelValues = {}, maxLabelValues = defaultValues }: ClientLabelsOptions) {
    this.names = Object.keys(labels);
    this.#sources = Object.values(labels);
    this.#known = Object.entries(labels).map(([name, source]) =>
      isHeaderSource(source)
        ? new LabelNames(Object.hasOwn(labelValues, name) ? labelValues[name] : undefined, maxLabelValues)
        : undefined,
    );
  }

  /** The values of a request. Their number is not limited yet; see {@link limited}. */
  read({ headers, keyName = '' }: LabelledRequest, provider: string): readonly string[] {
    return this.#sources.map((source) => {
      if (source === 'key') return keyName;
      if (source === 'provider') return provider;
      return isHeaderSource(source) ? headerValue(headers, source.header.toLowerCase()) : source.value;
    });
  }

  /** Replaces values from clients by `other` if they do not have their own series. An empty value stays empty. */
  limited(values: readonly string[]): readonly string[] {
    return values.map((value, place) => (value === '' ? value : (this.#known[place]?.label(value) ?? value)));
  }

  /** Whether values of limited labels are names from clients, which use up series. */
  hasClientNames(values: readonly string[]): boolean {
    return values.some((value, place) => this.#known[place] !== undefined && value !== '' && value !== other);
  }

  /** Replaces all values from clients by `other`, except empty ones. */
  withoutClientNames(values: readonly string[]): readonly string[] {
    return values.map((value, place) => (this.#known[place] === undefined || value === '' ? value : other));
  }
}

/**
 * The label value of a header: its text, empty without the header, or `other` if the text cannot be a label value.
 *
 * A value in UTF-8 is decoded. Node joins the values of repeated headers with `, `, as RFC 9110 §5.3 describes.
 */
function headerValue(headers: IncomingHttpHeaders, name: string): string {
  const text = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (typeof text !== 'string' || text === '') return '';
  const decoded = decodeUtf8(text);
  return isLabelText(decoded) ? decoded : other;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Node reads headers as Latin-1. Returns the text unchanged if its bytes are not UTF-8. */
function decodeUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return utf8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
