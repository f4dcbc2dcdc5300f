// A conversation that is stored on disk: the model receives the previous questions and answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversation, type ModelRequest } from '@tinyllm/executor';
import { registry } from 'tinyllm';

// Call your model here. This example searches the previous turns for a name.
async function answer({ prompt, history = [] }: ModelRequest) {
  const name = history.map(({ content }) => /I am (\w+)/.exec(content)?.[1]).find((found) => found !== undefined);
  return prompt === 'Who am I?' ? `You are ${name ?? 'nobody I know'}.` : 'Hello.';
}

// By default, the folder is in your home. To store conversations in Redis, use `store: 'redis://127.0.0.1:6379'`.
const folder = await mkdtemp(join(tmpdir(), 'conversations-'));

async function ask(session: string, prompt: string) {
  const conversation = new Conversation({ session, folder, onProblem: ({ message }) => console.warn(message) });
  const text = await answer({ prompt, history: await conversation.recall() });
  await conversation.remember(prompt, text);
  await conversation.close();
  return text;
}

console.log(await ask('first', 'I am Ada'));
console.log(await ask('first', 'Who am I?'));
console.log(await ask('second', 'Who am I?'));

for (const line of (await registry.metrics()).split('\n')) {
  if (line.startsWith('tinyllm_memory_operations_total{')) console.log(line);
}
await rm(folder, { recursive: true });
