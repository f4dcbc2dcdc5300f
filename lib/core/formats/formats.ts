import type { Format, TextFormatName } from './format.js';
import { openMetricsFormat } from './openmetrics.js';
import { textFormat } from './text.js';

/** The text formats by name. */
export const FORMATS: Readonly<Record<TextFormatName, Format>> = { text: textFormat, openmetrics: openMetricsFormat };
