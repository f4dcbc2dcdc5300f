import { escapeHelp, formatMetricName, formatValue } from './escape.js';
import type { Family } from './family.js';
import type { Format } from './format.js';
import { writeFamilies } from './write-families.js';

/** The content type of the Prometheus text format. */
export const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const TYPES = ['counter', 'gauge', 'histogram', 'summary'];

/**
 * The Prometheus text format 0.0.4.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const textFormat: Format = {
  contentType: TEXT_CONTENT_TYPE,
  header({ name, help, type }) {
    const known = TYPES.includes(type) ? type : type === 'info' ? 'gauge' : 'untyped';
    const shown = formatMetricName(name);
    return `# HELP ${shown} ${escapeHelp(help)}\n# TYPE ${shown} ${known}\n`;
  },
  bound: formatValue,
  exemplar: () => '',
  comment: (text) => `# ${text.replaceAll('\n', ' ')}\n`,
  strict: false,
  hasQuotedNames: false,
  hasShortNames: false,
  hasCompositeValues: false,
  end: '',
};

/** The Prometheus text format 1.0.0. It is the format 0.0.4 with UTF-8 names in double quotes. */
export const text1Format: Format = {
  ...textFormat,
  contentType: 'text/plain; version=1.0.0; charset=utf-8',
  hasQuotedNames: true,
};

/** Writes metrics in the Prometheus text format 0.0.4. */
export function writeText(families: Iterable<Family>): string {
  return writeFamilies(families, textFormat).toString();
}
