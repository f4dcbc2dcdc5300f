import { type Label, labelSet } from './label-set.js';
import { PushRefused } from './push-refused.js';

/** Identifies a pusher by the job and the other labels in the path of a push. */
export interface Grouping {
  readonly labels: readonly Label[];
  /** Equal for equal labels in any order. */
  readonly key: string;
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const BASE64 = '@base64';
const MAX_GROUPING_LABELS = 64;

/** Whether a path is a push path. */
export function isPushPath(path: string): boolean {
  return /^\/metrics\/./.test(path);
}

/**
 * Parses `/metrics/job/JOB{/LABEL/VALUE}`. If a label name ends in `@base64`, its value is in base64 for URLs.
 *
 * If a path ends in `/LABEL/`, the value of this label is empty. Slashes after a value are ignored. If a label occurs
 * twice, its last value is used. If `job` occurs twice, its first value is used. A path has at most 64 labels. A
 * Pushgateway parses paths in the same way, but it has no limit and rejects a slash after a value.
 * Source: https://github.com/prometheus/pushgateway#url
 *
 * @throws {PushRefused} with status 400.
 */
export function readGrouping(path: string): Grouping {
  const end = endWithoutSlashes(path);
  const segments = path.slice(0, end).split('/').slice(2);
  const hasEmptyValue = end < path.length && segments.length % 2 !== 0 && segments.length > 1;
  if (hasEmptyValue) segments.push('');
  const reject = (problem: string): never => {
    throw new PushRefused(
      400,
      `the path ${JSON.stringify(path.slice(0, 200))} ${problem}; expected /metrics/job/JOB{/LABEL/VALUE}.`,
    );
  };
  if (segments.length % 2 !== 0) reject('has a label without a value');
  if (segments.length > 2 * MAX_GROUPING_LABELS) reject(`has more than ${MAX_GROUPING_LABELS} labels`);
  const labels = new Map<string, string>();
  for (let index = 0; index < segments.length; index += 2) {
    const label = segments[index] ?? '';
    const inBase64 = label.endsWith(BASE64);
    const name = inBase64 ? label.slice(0, -BASE64.length) : label;
    if (!LABEL_NAME.test(name)) reject(`has the invalid label name ${JSON.stringify(name)}`);
    const written = segments[index + 1] ?? '';
    const mayBeEmpty = inBase64 || (hasEmptyValue && index === segments.length - 2);
    const value = written === '' && mayBeEmpty ? '' : (inBase64 ? fromBase64 : fromPercent)(written);
    if (value === undefined) return reject(`has a value of ${name} that cannot be decoded`);
    if (index === 0 && (name !== 'job' || value === '')) reject('does not begin with a job');
    if (name !== 'job' || index === 0) labels.set(name, value);
  }
  if (labels.size === 0) reject('does not begin with a job');
  const entries = [...labels];
  return { labels: entries, key: labelSet(entries).key };
}

/** The length of a path without trailing slashes. */
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
