// Instruments the official openai client. `new Ollama()` works in the same way.
import OpenAI from 'openai';
import { instrumentModel, registry } from 'tinyllm';

// Replaces a server, so that the sample runs anywhere.
const fetch = async (): Promise<Response> =>
  Response.json({
    choices: [{ message: { role: 'assistant', content: 'Rayleigh scattering.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  });

const client = instrumentModel(new OpenAI({ apiKey: 'none', fetch }), { graph: 'sky' });

const answer = await client.chat.completions.create({
  model: 'tiny',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
});
console.log(answer.choices[0]?.message.content);

const wanted = ['requests_total', 'requests_finished_total', 'tokens_output_total'];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`tinyllm_${name}{`))) console.log(line);
}
