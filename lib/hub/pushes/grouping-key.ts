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

/** Whether a path belongs to pushes. */
export function isPushPath(path: string): boolean {
  return /^\/metrics\/./.test(path);
}

/**
 * Reads `/metrics/job/JOB{/LABEL/VALUE}`; a value whose label ends in `@base64` is in base64 for URLs.
 *
 * Source: https://github.com/prometheus/pushgateway#url
 *
 * @throws {PushRefused} with status 400.
 */
export function readGrouping(path: string): Grouping {
  const segments = path.split('/').slice(2);
  const refuse = (problem: string): never => {
    throw new PushRefused(
      400,
      `the path ${JSON.stringify(path.slice(0, 200))} ${problem}; expected /metrics/job/JOB{/LABEL/VALUE}.`,
    );
  };
  if (segments.length % 2 !== 0) refuse('has a label without a value');
  const labels: Label[] = [];
  for (let index = 0; index < segments.length; index += 2) {
    const written = segments[index] ?? '';
    const inBase64 = written.endsWith(BASE64);
    const name = inBase64 ? written.slice(0, -BASE64.length) : written;
    if (!LABEL_NAME.test(name)) refuse(`has ${JSON.stringify(name)} where a label's name should be`);
    if (labels.some(([other]) => other === name)) refuse(`has the label ${name} twice`);
    const value = (inBase64 ? fromBase64 : fromPercent)(segments[index + 1] ?? '');
    if (value === undefined) refuse(`has a value of ${name} that cannot be decoded`);
    else labels.push([name, value]);
  }
  const [job, value] = labels[0] ?? [];
  if (job !== 'job' || value === '') refuse('does not begin with a job');
  return { labels, key: labelSet(labels).key };
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
