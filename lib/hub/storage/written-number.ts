/** A number in JSON, which has no NaN and no infinities. */
export type WrittenNumber = number | 'NaN' | '+Inf' | '-Inf';

export function numberOut(number: number): WrittenNumber {
  if (Number.isFinite(number)) return number;
  return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
}

export function numberIn(written: WrittenNumber): number {
  return typeof written === 'number' ? written : Number(written.replace('Inf', 'Infinity'));
}
