/** The samples of model requests without a graph name, in the text format. */
export function samplesOf(model: string, graph = 'proxy') {
  const labels = `model="${model}",graph="${graph}"`;
  const finished = (reason: string): string => `tinyllm_requests_finished_total{${labels},finish_reason="${reason}"} 1`;
  const tokensOf = (kind: 'input' | 'output', count: number): string[] => [
    `tinyllm_tokens_${kind}_total{${labels}} ${count}`,
    `tinyllm_request_${kind}_tokens_sum{${labels}} ${count}`,
    `tinyllm_request_${kind}_tokens_count{${labels}} 1`,
  ];
  return {
    begun: (type: string): readonly string[] => [
      `tinyllm_requests_total{${labels},request_type="${type}"} 1`,
      `tinyllm_request_latency_seconds_count{${labels}} 1`,
    ],
    finished,
    failed: (errorType: string): readonly string[] => [
      finished(errorType === 'timeout' ? 'timeout' : 'error'),
      `tinyllm_errors_total{error_type="${errorType}",${labels}} 1`,
    ],
    firstToken: `tinyllm_time_to_first_token_seconds_count{${labels}} 1`,
    gaps: (count: number): string => `tinyllm_inter_token_latency_seconds_count{model="${model}"} ${count}`,
    perToken: `tinyllm_time_per_output_token_seconds_count{model="${model}"} 1`,
    tokens: (input: number, output?: number): readonly string[] => [
      ...tokensOf('input', input),
      ...(output === undefined ? [] : tokensOf('output', output)),
    ],
  };
}
