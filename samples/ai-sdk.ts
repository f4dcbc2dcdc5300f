// Measures a model of the AI SDK with a middleware. Streams are timed to their first token and to their end.
import { simulateReadableStream, streamText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { metricsMiddleware, registry } from 'tinyllm';

// Replaces the model of a provider, such as openai('gpt-5') or ollama('qwen2.5:0.5b'), so that the sample runs
// anywhere.
const standIn = new MockLanguageModelV3({
  modelId: 'stand-in',
  doStream: async () => ({
    stream: simulateReadableStream({
      chunks: [
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'Rayleigh ' },
        { type: 'text-delta', id: '0', delta: 'scattering.' },
        { type: 'text-end', id: '0' },
        {
          type: 'finish',
          finishReason: { unified: 'stop', raw: 'stop' },
          usage: {
            inputTokens: { total: 5, noCache: 5, cacheRead: 0, cacheWrite: 0 },
            outputTokens: { total: 2, text: 2, reasoning: 0 },
          },
        },
      ],
    }),
  }),
});

const model = wrapLanguageModel({ model: standIn, middleware: metricsMiddleware({ graph: 'sky' }) });

console.log(await streamText({ model, prompt: 'Why is the sky blue?' }).text);

const wanted = ['requests_total', 'tokens_output_total', 'time_to_first_token_seconds_count'];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`tinyllm_${name}{`))) console.log(line);
}
