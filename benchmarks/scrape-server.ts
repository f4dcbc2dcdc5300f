import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Library, openStore } from './subjects/histograms.js';

/** What the main thread of the served process went through while it was watched. */
export interface Watched {
  /** Milliseconds in which it could do nothing else. */
  readonly busyMilliseconds: number;
  /** The longest time a timer had to wait, in milliseconds. */
  readonly worstMilliseconds: number;
}

const [, , library, series] = process.argv;
const store = await openStore(library as Library);
for (let index = 0; index < Number(series); index++) store.observe(index);

const delay = monitorEventLoopDelay({ resolution: 1 });
let before = performance.eventLoopUtilization();

// Two messages: start and stop watching; the answer to `stop` is what was seen.
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
