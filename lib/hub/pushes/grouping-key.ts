import { type Label, labelSet } from './label-set.js';
import { PushRefused } from './push-refused.js';

/** Who pushes: the job and the labels of a push's path. */
export interface Grouping {
  readonly labels: readonly Label[];
  /** Equal for equal labels, in whatever order the path has them. */
  readonly key: string;
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const BASE64 = '@base64';
const MOST_GROUPING_LABELS = 64;

/** Whether a path belongs to pushes. */
export function isPushPath(path: string): boolean {
  return /^\/metrics\/./.test(path);
}

/**
 * Reads `/metrics/job/JOB{/LABEL/VALUE}`. The value of a label that ends in `@base64` is in base64 for URLs.
 *
 * Slashes at the end are ignored. In `/LABEL/` the value is empty. If a label is there twice, its last value is used, but
 * always the first job. A path has at most 64 labels. A Pushgateway reads paths in the same way, but without the limit,
 * and refuses `/LABEL/VALUE/`.
 * Source: https://github.com/prometheus/pushgateway#url
 *
 * @throws {PushRefused} with status 400.
 */
export function readGrouping(path: string): Grouping {
  const end = endWithoutSlashes(path);
  const segments = path.slice(0, end).split('/').slice(2);
  const hasEmptyValue = end < path.length && segments.length % 2 !== 0 && segments.length > 1;
  if (hasEmptyValue) segments.push('');
  const refuse = (problem: string): never => {
    throw new PushRefused(
      400,
      `the path ${JSON.stringify(path.slice(0, 200))} ${problem}; expected /metrics/job/JOB{/LABEL/VALUE}.`,
    );
  };
  if (segments.length % 2 !== 0) refuse('has a label without a value');
  if (segments.length > 2 * MOST_GROUPING_LABELS) refuse(`has more than ${MOST_GROUPING_LABELS} labels`);
  const labels = new Map<string, string>();
  for (let index = 0; index < segments.length; index += 2) {
    const label = segments[index] ?? '';
    const inBase64 = label.endsWith(BASE64);
    const name = inBase64 ? label.slice(0, -BASE64.length) : label;
    if (!LABEL_NAME.test(name)) refuse(`has ${JSON.stringify(name)} where a label's name should be`);
    const written = segments[index + 1] ?? '';
    const mayBeEmpty = inBase64 || (hasEmptyValue && index === segments.length - 2);
    const value = written === '' && mayBeEmpty ? '' : (inBase64 ? fromBase64 : fromPercent)(written);
    if (value === undefined) return refuse(`has a value of ${name} that cannot be decoded`);
    if (index === 0 && (name !== 'job' || value === '')) refuse('does not begin with a job');
    if (name !== 'job' || index === 0) labels.set(name, value);
  }
  if (labels.size === 0) refuse('does not begin with a job');
  const entries = [...labels];
  return { labels: entries, key: labelSet(entries).key };
}

/** Where the slashes at the end of a path start. */
function endWithoutSlashes(path: string): number {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return end;
}

function fromPercent(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9_+-]*={0,2}$/.test(text) || text === '') return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url'));
  } catch {
    return undefined;
  }
}
