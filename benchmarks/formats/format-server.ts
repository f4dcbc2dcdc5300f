import { OBSERVATIONS, openStore } from '../subjects/histograms.js';

// Serves the series of TinyLLM. Each message writes one value to each series, and is answered with a message.
const [, , count, native] = process.argv;
const series = Number(count);
const store = await openStore('tinyllm', { native: native !== undefined });
for (let index = 0; index < series; index++) store.observe(index, OBSERVATIONS);

let round = 0;
process.on('message', () => {
  for (let index = 0; index < series; index++) {
    store.observe(index, [OBSERVATIONS[(round + index) % OBSERVATIONS.length]!]);
  }
  round++;
  process.send?.('observed');
});
process.on('disconnect', () => process.exit());
process.send?.(await store.serve());
