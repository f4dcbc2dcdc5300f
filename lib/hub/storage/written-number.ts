/** A number in JSON. Strings represent NaN and infinity, which JSON does not support. */
export type WrittenNumber = number | 'NaN' | '+Inf' | '-Inf';

export function toWrittenNumber(number: number): WrittenNumber {
  if (Number.isFinite(number)) return number;
  return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
}

export function fromWrittenNumber(written: WrittenNumber): number {
  return typeof written === 'number' ? written : Number(written.replace('Inf', 'Infinity'));
}
