// Starts a hub (`tinyllm metrics`). This process pushes twice, in the place of two short-lived runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pushMetrics, TrackNode } from 'tinyllm';

class Importer {
  @TrackNode({ graph: 'nightly', node: 'import' })
  async execute(file: string) {
    return `imported ${file}`;
  }
}

// The path in a clone. In your application, use `npx tinyllm`.
const tinyllm = 'cli/bin/tinyllm.js';
const hub = spawn(process.execPath, [tinyllm, 'metrics', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
let url = '';
for await (const line of createInterface(hub.stderr)) {
  url = /serving metrics at (\S+)\/metrics/.exec(line)?.[1] ?? '';
  if (url !== '') break;
}

await new Importer().execute('monday.csv');
// Each run is a separate pusher. The labels of its group identify it.
await pushMetrics({ url, job: 'nightly', groupings: { run: 'monday' } });
await pushMetrics({ url, job: 'nightly', groupings: { run: 'tuesday' } });

// The sum of both runs. Later runs are added to it.
const text = await (await fetch(`${url}/metrics`)).text();
console.log(text.split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));

hub.kill();
await once(hub, 'exit');
