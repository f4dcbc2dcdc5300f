// A thread with custom metrics. Each message is a list of calls: the name of a metric, a method and its arguments.
import { parentPort, workerData } from 'node:worker_threads';
import { Counter, Gauge, registry } from '../../../lib/core/dist/index.js';

const facts = { help: 'A metric of a test.', labelNames: ['node'] };
const create = {
  calls: () => new Counter({ ...facts, name: `${workerData}_calls_total` }),
  level: () => new Gauge({ ...facts, name: `${workerData}_level` }),
};
const metrics = { calls: create.calls(), level: create.level() };

parentPort.on('message', (steps) => {
  for (const [name, method, ...args] of steps) {
    if (method === 'end') process.exit();
    if (method === 'recreate') {
      registry.removeSingleMetric(metrics[name].name);
      metrics[name] = create[name]();
    } else metrics[name][method](...args);
  }
  parentPort.postMessage('done');
});
