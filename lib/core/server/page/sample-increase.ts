import type { Sample } from '../../formats/parse-exposition.js';
import { nativeIncrease } from '../../metrics/native/native-increase.js';

/**
 * Returns the increase of a counter or histogram since an earlier sample of the same series.
 *
 * The series was reset to zero if it started after the earlier sample's series, or if its value has decreased.
 */
export function sampleIncrease(sample: Sample, earlier: Sample | undefined): Sample {
  if (earlier === undefined || sample.value < earlier.value || startedLater(sample, earlier)) return sample;
  const increase = { ...sample, value: sample.value - earlier.value };
  if (sample.native === undefined || earlier.native === undefined) return increase;
  const native = nativeIncrease(sample.native, earlier.native);
  return native === undefined ? sample : { ...increase, native };
}

function startedLater({ start = 0 }: Sample, { start: earlier = start }: Sample): boolean {
  return start > earlier;
}
