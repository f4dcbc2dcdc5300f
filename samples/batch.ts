// Runs many questions through a bounded queue: two at a time, by priority. The metrics show how long they waited.
import {
  defaultGraphFile,
  GraphExecutor,
  InProcessQueue,
  loadGraph,
  type Priority,
  QueueFullError,
  type RunResult,
  selectModelClient,
} from '@tinyllm/executor';
import { registry } from 'tinyllm';

const graph = await loadGraph(defaultGraphFile());
const executor = new GraphExecutor(graph, { model: await selectModelClient({ provider: 'embedded' }) });
const queue = await InProcessQueue.open<RunResult>({ workers: 2, capacity: 3 });

const questions: readonly (readonly [question: string, priority: Priority])[] = [
  ['What is 2+2?', 'normal'],
  ['half of 90', 'normal'],
  ['convert 5 km to miles', 'low'],
  ['What is 12% of 250?', 'high'],
  ['3 * 5', 'normal'],
  ['the square root of 81', 'normal'],
];

// Two questions start at once, three wait, and the queue rejects the last one. With whenFull: 'wait', it would wait for
// a place.
await Promise.all(
  questions.map(async ([question, priority]) => {
    try {
      const { answer } = await queue.add((signal) => executor.execute(question, { signal }), { priority });
      console.log(`${question} -> ${answer}`);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      console.log(`${question} -> no room`);
    }
  }),
);
await queue.close();

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_queue_(requests|wait_time_seconds_count|size|active_workers)/.test(line)) console.log(line);
}
