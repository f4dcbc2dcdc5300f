// Measures a model of LangChain.js with a callback handler. You can pass the handler to one model or to a whole chain.
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { metricsCallbacks, registry } from 'tinyllm';

// Replaces ChatOllama, ChatOpenAI or another model in this example.
const model = new FakeListChatModel({
  responses: ['Rayleigh scattering.', 'It has no light of its own.'],
  callbacks: [metricsCallbacks({ graph: 'sky' })],
});

console.log((await model.invoke('Why is the sky blue?')).content);
let answer = '';
for await (const chunk of await model.stream('And why is it dark at night?')) answer += chunk.content;
console.log(answer);

const wanted = ['requests_total', 'requests_finished_total', 'time_to_first_token_seconds_count'];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`tinyllm_${name}{`))) console.log(line);
}
