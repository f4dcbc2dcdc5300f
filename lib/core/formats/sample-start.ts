import { formatMetricName } from './escape.js';

/** The text of a sample before its labels. */
export interface SampleStart {
  /** The start of a sample without labels, with the space before the value. */
  readonly bare: string;
  /** The start of a sample with labels. After the labels, `} ` follows. */
  readonly open: string;
}

/** Returns the start of the samples with a name: `name{`, or `{"name",` if the name is not plain. */
export function sampleStart(name: string): SampleStart {
  const text = formatMetricName(name);
  return text === name ? { bare: `${name} `, open: `${name}{` } : { bare: `{${text}} `, open: `{${text},` };
}
