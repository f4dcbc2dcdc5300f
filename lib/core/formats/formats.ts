import type { Format, FormatName } from './format.js';
import { openMetricsFormat } from './openmetrics.js';
import { textFormat } from './text.js';

/** Each format under its name. */
export const FORMATS: Readonly<Record<FormatName, Format>> = { text: textFormat, openmetrics: openMetricsFormat };
