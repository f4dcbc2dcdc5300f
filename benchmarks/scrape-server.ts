import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Library, OBSERVATIONS, openStore } from './subjects/histograms.js';

/** Measurements of the main thread of the scraped process. */
export interface Watched {
  /** Milliseconds for which the main thread was busy. */
  readonly busyMilliseconds: number;
  /** The longest delay of a timer, in milliseconds. */
  readonly worstMilliseconds: number;
}

const [, , library, series] = process.argv;
const store = await openStore(library as Library);
for (let index = 0; index < Number(series); index++) store.observe(index, OBSERVATIONS);

const delay = monitorEventLoopDelay({ resolution: 1 });
let before = performance.eventLoopUtilization();

// The messages `start` and `stop` control the measurement. The reply to `stop` contains the result.
process.on('message', (message) => {
  if (message === 'start') {
    delay.reset();
    delay.enable();
    before = performance.eventLoopUtilization();
    process.send?.('started');
  } else if (message === 'stop') {
    const { active } = performance.eventLoopUtilization(before);
    delay.disable();
    process.send?.({ busyMilliseconds: active, worstMilliseconds: delay.max / 1e6 } satisfies Watched);
  }
});
process.on('disconnect', () => process.exit());
process.send?.(await store.serve());
