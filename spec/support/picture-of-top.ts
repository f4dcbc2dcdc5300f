import { setTimeout as sleep } from 'node:timers/promises';
import { Endpoint } from '../../cli/commands/top/endpoint.js';
import { computeStatistics } from '../../cli/commands/top/statistics.js';
import { readTopUrl } from '../../cli/commands/top/top-url.js';
import { topView } from '../../cli/commands/top/top-view.js';
import { drawTerminal } from './draw-terminal.js';

/**
 * Draws the screen of `tinyllm top` for a metrics endpoint as an SVG with 100 columns. Rates are over `seconds`
 * seconds.
 */
export async function pictureOfTop(metricsUrl: string, { seconds }: { readonly seconds: number }): Promise<string> {
  const place = readTopUrl(metricsUrl);
  if (place === undefined) throw new Error(`${metricsUrl} is not an HTTP URL.`);
  const endpoint = new Endpoint(place);
  const { signal } = new AbortController();
  const before = await endpoint.read(signal);
  await sleep(seconds * 1000);
  const statistics = computeStatistics([before, await endpoint.read(signal)]);
  // The port of a demo that chose a free one would be another at every drawing.
  const shown = { url: 'http://127.0.0.1:9090/metrics', time: '12:00:00', statistics };
  return drawTerminal(topView(shown, { columns: 100 }));
}
