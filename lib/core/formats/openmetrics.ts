import { escapeLabelValue, formatCanonical, formatLabels, formatMetricName, formatValue } from './escape.js';
import type { Family } from './family.js';
import type { Format, Metadata, WritableExemplar } from './format.js';
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
  header(metadata) {
    const { name, type } = metadata;
    const family = familyName(name, type);
    const isKnown = family !== undefined && TYPES.includes(type);
    return headerLines(metadata, { family: family ?? name, type: isKnown ? type : 'unknown' });
  },
  bound: formatCanonical,
  // Prometheus rejects the whole scrape if a label of an exemplar contains this character.
  exemplar: (exemplar) => (Object.values(exemplar.labels).some(containsNul) ? '' : exemplarText(exemplar)),
  comment: () => '',
  strict: true,
  hasQuotedNames: true,
  hasShortNames: true,
  hasCompositeValues: false,
  end: '# EOF\n',
};

/**
 * OpenMetrics 2.0, according to its release candidate.
 *
 * Names are the same as in the text format, and a counter needs no suffix.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec_2_0/
 */
export const openMetrics2Format: Format = {
  ...openMetricsFormat,
  contentType: 'application/openmetrics-text; version=2.0.0; charset=utf-8',
  header(metadata) {
    const { name, type } = metadata;
    const isKnown = TYPES.includes(type) && !(type === 'info' && !name.endsWith('_info'));
    // A line must not end in a carriage return.
    const help = metadata.help.endsWith('\r') ? `${metadata.help} ` : metadata.help;
    return headerLines({ ...metadata, help }, { family: name, type: isKnown ? type : 'unknown' });
  },
  bound: formatValue,
  exemplar: (exemplar) => (exemplar.timestampSeconds === undefined ? '' : exemplarText(exemplar)),
  hasShortNames: false,
  hasCompositeValues: true,
};

function headerLines(
  { name, help, type, unit }: Metadata,
  shown: { readonly family: string; readonly type: string },
): string {
  const family = formatMetricName(shown.family);
  const hasUnit = unit !== undefined && type !== 'info' && familyName(name, type)?.endsWith(`_${unit}`);
  const unitLine = hasUnit ? `# UNIT ${family} ${unit}\n` : '';
  return `# TYPE ${family} ${shown.type}\n${unitLine}${help && `# HELP ${family} ${escapeLabelValue(help)}\n`}`;
}

function containsNul(text: string): boolean {
  return text.includes('\0');
}

function exemplarText({ labels, value, timestampSeconds }: WritableExemplar): string {
  const characters = Object.entries(labels).reduce((total, pair) => total + [...pair.join('')].length, 0);
  if (characters > MAX_EXEMPLAR_CHARACTERS) return '';
  const time = timestampSeconds === undefined ? '' : ` ${timestampSeconds}`;
  return ` # {${formatLabels(labels)}} ${formatValue(value)}${time}`;
}

/** Writes metrics in OpenMetrics 1.0, without the final `# EOF` (`openMetricsFormat.end`). */
export function writeOpenMetrics(families: Iterable<Family>, options: WriteOptions = {}): string {
  return writeFamilies(families, openMetricsFormat, options).toString();
}
