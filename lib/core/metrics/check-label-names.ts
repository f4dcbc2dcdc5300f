import { MetricsConfigurationError } from '../errors/errors.js';
import { shownUrl } from '../errors/url-secrets.js';
import { isLabelName, type MetricOptions } from './descriptor.js';

/** Names that scrapes or Prometheus use, and the reason. */
const RESERVED: Readonly<Record<string, string>> = {
  le: 'is reserved for buckets of histograms',
  quantile: 'is reserved for quantiles of summaries',
  job: 'Prometheus sets itself',
  instance: 'Prometheus sets itself',
};

/**
 * Checks the names of labels that are added to metrics.
 *
 * @param option The option that contains the names, for error messages.
 * @param metrics The metrics to which the labels are added.
 * @throws {MetricsConfigurationError} if a name is invalid, reserved, repeated, or a label of one of the metrics.
 */
export function checkLabelNames(
  option: string,
  names: readonly string[],
  metrics: readonly Pick<MetricOptions, 'name' | 'labels'>[],
): void {
  const reject = (name: string, problem: string): never => {
    throw new MetricsConfigurationError(`${option} contains ${JSON.stringify(shownUrl(name))}${problem}.`);
  };
  names.forEach((name, index) => {
    if (!isLabelName(name)) reject(name, '; expected letters, digits and _, not starting with a digit or __');
    const reserved = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
    if (reserved !== undefined) reject(name, `, which ${reserved}; choose another name`);
    if (names.indexOf(name) < index) reject(name, ' twice; remove one of them');
    const owner = metrics.find(({ labels = [] }) => labels.includes(name));
    if (owner !== undefined) reject(name, `, which is a label of ${owner.name}; choose another name`);
  });
}
