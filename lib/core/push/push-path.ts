import { MetricsDeliveryError } from '../errors/errors.js';

/** The group of a push. */
export interface PushPathOptions {
  readonly job: string;
  /** Additional grouping labels, such as `instance`. */
  readonly groupings?: Readonly<Record<string, string>>;
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Returns the path of a push: `/metrics/job/JOB{/LABEL/VALUE}`.
 *
 * Empty values and values with a slash are encoded in base64, with the name `LABEL@base64`.
 * Source: https://github.com/prometheus/pushgateway#url
 *
 * @throws {MetricsDeliveryError} if the job is empty or a label name is invalid.
 */
export function pushPath({ job, groupings = {} }: PushPathOptions): string {
  if (job === '') throw new MetricsDeliveryError('', 'The job of a push is empty; expected a name.');
  const labels = [['job', job], ...Object.entries(groupings)] as const;
  const segments = labels.map(([name = '', value = ''], index) => {
    if (!LABEL_NAME.test(name) || (index > 0 && name === 'job')) {
      throw new MetricsDeliveryError(
        '',
        `The grouping label ${JSON.stringify(name)} of a push is invalid; expected a label name other than job.`,
      );
    }
    if (typeof value !== 'string') {
      throw new MetricsDeliveryError(
        '',
        `The label ${name} of a push has a value of type ${typeof value}; expected a string.`,
      );
    }
    if (value === '') return `${name}@base64/=`;
    // HTTP clients remove the path segments "." and "..".
    if (value.includes('/') || /^\.\.?$/.test(value))
      return `${name}@base64/${Buffer.from(value).toString('base64url')}`;
    return `${name}/${encodeURIComponent(value)}`;
  });
  return `/metrics/${segments.join('/')}`;
}
