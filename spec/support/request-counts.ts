import { registry } from '../../lib/core/index.js';
import { parseText } from './parse-text.js';

/** The request metrics of one graph. The keys contain the metric's short name and the values of its other labels. */
export async function requestCounts(graph: string): Promise<Readonly<Record<string, number>>> {
  return requestCountsIn(await registry.metrics(), graph);
}

/** Like {@link requestCounts}, but from the text of a scrape. */
export function requestCountsIn(text: string, graph: string): Readonly<Record<string, number>> {
  const wanted = new Map([
    ['tinyllm_requests_total', 'requests'],
    ['tinyllm_requests_finished_total', 'finished'],
    ['tinyllm_errors_total', 'errors'],
    ['tinyllm_active_requests', 'active'],
    ['tinyllm_tokens_input_total', 'input'],
    ['tinyllm_tokens_output_total', 'output'],
    ['tinyllm_request_latency_seconds_count', 'timed'],
    ['tinyllm_time_to_first_token_seconds_count', 'first'],
  ]);
  const samples = parseText(text).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.flatMap(({ name, labels: { graph: of, ...labels }, value }) => {
      const as = wanted.get(name);
      return as === undefined || of !== graph ? [] : [[[as, ...Object.values(labels)].join(' '), Number(value)]];
    }),
  );
}
