import { MetricsDeliveryError } from '../errors/errors.js';

/** Who pushes. */
export interface PushPathOptions {
  readonly job: string;
  /** Labels besides the job, such as `instance`. */
  readonly groupings?: Readonly<Record<string, string>>;
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The path to push to: `/metrics/job/JOB{/LABEL/VALUE}`.
 *
 * A value with a slash, and an empty one, goes in base64 under `LABEL@base64`.
 * Source: https://github.com/prometheus/pushgateway#url
 *
 * @throws {MetricsDeliveryError} when the job is empty, or a label's name is none.
 */
export function pushPath({ job, groupings = {} }: PushPathOptions): string {
  if (job === '') throw new MetricsDeliveryError('', 'The job of a push is empty; expected a name.');
  const labels = [['job', job], ...Object.entries(groupings)] as const;
  const segments = labels.map(([name = '', value = ''], index) => {
    if (!LABEL_NAME.test(name) || (index > 0 && name === 'job')) {
      throw new MetricsDeliveryError(
        '',
        `A push is grouped by ${JSON.stringify(name)}; expected the name of a label, other than job.`,
      );
    }
    if (typeof value !== 'string') {
      throw new MetricsDeliveryError(
        '',
        `The label ${name} of a push has a value of type ${typeof value}; expected a string.`,
      );
    }
    if (value === '') return `${name}@base64/=`;
    // Path segments "." and ".." would be resolved away on their way.
    if (value.includes('/') || /^\.\.?$/.test(value))
      return `${name}@base64/${Buffer.from(value).toString('base64url')}`;
    return `${name}/${encodeURIComponent(value)}`;
  });
  return `/metrics/${segments.join('/')}`;
}
