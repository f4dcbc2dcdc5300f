import type { Format, FormatName } from './format.js';
import { openMetricsFormat } from './openmetrics.js';
import { textFormat } from './text.js';

/** The formats by name. */
export const FORMATS: Readonly<Record<FormatName, Format>> = { text: textFormat, openmetrics: openMetricsFormat };
