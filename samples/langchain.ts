// A model of LangChain.js, measured by a callback handler: for one model here, or in the callbacks of a whole chain.
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { metricsCallbacks, registry } from 'tinyllm';

// Stands in for ChatOllama, ChatOpenAI and the like.
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
