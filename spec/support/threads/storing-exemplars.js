// Stores exemplars in one slot in an endless loop. Each exemplar repeats one digit, so that readers can detect a torn
// one.
import { parentPort, workerData } from 'node:worker_threads';

const { ExemplarSlots } = await import('../../../lib/core/metrics/exemplar-slots.js');
const slots = new ExemplarSlots({ page: new Float64Array(workerData), offset: 2 }, 1);

for (let count = 0; ; count++) {
  const digit = (count % 9) + 1;
  const [traceId, spanId] = [String(digit).repeat(32), String(digit).repeat(16)];
  slots.store(0, { value: digit, timestampSeconds: digit, traceId, spanId });
  if (count === 1_000) parentPort.postMessage('storing');
}
