import type { ForeignReading } from '../../metrics/read-foreign.js';
import { Slices } from '../../metrics/slices.js';
import { exposedReadings, problemsOf } from '../exposed-readings.js';
import type { ForeignText, WriteForeignOptions } from '../foreign.js';
import type { Escaping } from '../format.js';
import { writeForeignFamily } from './foreign-messages.js';
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
  const exposed = exposedReadings(readings, { strict: false, reserved, escaping });
  const buffer = new MessageBuffer();
  const written: ForeignReading[] = [];
  for (const reading of exposed) {
    const { family } = reading;
    const omitted = family === undefined ? 0 : await slices.run(writeForeignFamily(buffer, family, escaping));
    written.push(omitted > 0 ? { ...reading, isRepaired: true } : reading);
  }
  return { bytes: Buffer.concat([...buffer.takeFull(), buffer.takeCurrent()]), ...problemsOf(written) };
}
