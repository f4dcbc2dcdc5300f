import { isMetricName } from '../../metrics/exposition-names.js';
import type { ForeignReading } from '../../metrics/read-foreign.js';
import { Slices } from '../../metrics/slices.js';
import type { ForeignText, WriteForeignOptions } from '../foreign.js';
import { typesWithoutClash } from '../foreign-types.js';
import type { Escaping } from '../format.js';
import { writeForeignFamily } from './foreign-messages.js';
import { labelNameWriter } from './label-pairs.js';
import { MessageBuffer } from './message-buffer.js';

/** Writes foreign metrics that have already been read as length-delimited `MetricFamily` messages. */
export async function writeProtobufReadings(
  readings: readonly ForeignReading[],
  {
    escaping,
    reserved = [],
    slices = new Slices(),
  }: Pick<WriteForeignOptions, 'reserved' | 'slices'> & { readonly escaping: Escaping },
): Promise<Omit<ForeignText, 'text'> & { readonly bytes: Uint8Array }> {
  const inOrder = readings.toSorted((a, b) => Number(hasRepairedName(a)) - Number(hasRepairedName(b)));
  const families = inOrder.flatMap(({ family }) => family ?? []);
  const types = typesWithoutClash(families, { strict: false, reserved });
  const typeOf = new Map(families.map((family, index) => [family, types[index]]));
  const failed: string[] = [];
  const repaired: string[] = [];
  const buffer = new MessageBuffer();
  for (const { registeredName, family, isRepaired } of readings) {
    const type = family && typeOf.get(family);
    if (family === undefined || type === undefined) failed.push(registeredName);
    else {
      if (isRepaired) repaired.push(registeredName);
      await slices.run(writeForeignFamily(buffer, { ...family, type }, labelNameWriter(escaping)));
    }
  }
  return { bytes: Buffer.concat([...buffer.takeFull(), buffer.takeCurrent()]), failed, repaired };
}

function hasRepairedName({ registeredName }: ForeignReading): boolean {
  return !isMetricName(registeredName);
}
