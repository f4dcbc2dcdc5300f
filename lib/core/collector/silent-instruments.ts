import { Meter } from '../metrics/meter.js';
import { PromClientRegistry } from '../metrics/prom-client-registry.js';
import { createInstruments, type Instruments } from './instruments.js';

/** The memory for the declarations, in bytes. There are no series. */
const MEMORY_BYTES = 2 ** 20;

let silent: Instruments | undefined;

/** Returns instruments that record nothing, for the time in which the metrics are disabled. */
export function silentInstruments(): Instruments {
  if (silent === undefined) {
    const meter = new Meter(new PromClientRegistry(), { maxSegmentBytes: MEMORY_BYTES });
    silent = createInstruments(meter);
    meter.configure({ exclude: meter.names });
  }
  return silent;
}
