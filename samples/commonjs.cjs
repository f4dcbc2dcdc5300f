// Loads the package from CommonJS with require().
const { getMetricsCollector, registry } = require('tinyllm');

getMetricsCollector().recordTokens({
  inputTokens: 12,
  outputTokens: 34,
  model: 'qwen2.5:0.5b',
  graph: 'chat',
});

registry.metrics().then((text) => {
  console.log(text.split('\n').find((line) => line.startsWith('tinyllm_tokens_output_total{')));
});
