import type { Format, TextFormatName } from './format.js';
import { openMetrics2Format, openMetricsFormat } from './openmetrics.js';
import { text1Format, textFormat } from './text.js';

/** The text formats by name. */
export const FORMATS: Readonly<Record<TextFormatName, Format>> = {
  text: textFormat,
  'text-1.0': text1Format,
  openmetrics: openMetricsFormat,
  'openmetrics-2.0': openMetrics2Format,
};
