import { escapeLabelValue, formatCanonical, formatLabels, formatValue } from './escape.js';
import type { Family } from './family.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';
import { type WriteOptions, writeFamilies } from './write-families.js';

/** The content type of OpenMetrics. */
const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const TYPES = ['counter', 'gauge', 'histogram', 'info', 'summary'];
const MAX_EXEMPLAR_CHARACTERS = 128;

/**
 * OpenMetrics 1.0.
 *
 * A counter whose name doesn't end in `_total` has the type `unknown`, so that its name is the same in every format.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export const openMetricsFormat: Format = {
  contentType: OPENMETRICS_CONTENT_TYPE,
  header({ name, help, type, unit }) {
    const family = familyName(name, type);
    const text = `# TYPE ${family ?? name} ${family !== undefined && TYPES.includes(type) ? type : 'unknown'}\n`;
    const hasUnit = unit !== undefined && type !== 'info' && family?.endsWith(`_${unit}`);
    const unitLine = hasUnit ? `# UNIT ${family} ${unit}\n` : '';
    return `${text}${unitLine}${help && `# HELP ${family ?? name} ${escapeLabelValue(help)}\n`}`;
  },
  bound: formatCanonical,
  exemplar({ labels, value, timestampSeconds }) {
    // Prometheus rejects the whole scrape if the label of an exemplar contains this character.
    if (Object.values(labels).some((text) => text.includes('\0'))) return '';
    const characters = Object.entries(labels).reduce((total, pair) => total + [...pair.join('')].length, 0);
    if (characters > MAX_EXEMPLAR_CHARACTERS) return '';
    const time = timestampSeconds === undefined ? '' : ` ${timestampSeconds}`;
    return ` # {${formatLabels(labels)}} ${formatValue(value)}${time}`;
  },
  comment: () => '',
  strict: true,
  end: '# EOF\n',
};

/** Writes metrics in OpenMetrics 1.0, without the final `# EOF` (`openMetricsFormat.end`). */
export function writeOpenMetrics(families: Iterable<Family>, options: WriteOptions = {}): string {
  return writeFamilies(families, openMetricsFormat, options).toString();
}
