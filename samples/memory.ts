// A conversation that outlives the process: the model is told of what was said before.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversation, type ModelRequest } from '@tinyllm/executor';
import { registry } from 'tinyllm';

// A model of your own; this one only remembers what the turns before it say.
async function answer({ prompt, history = [] }: ModelRequest) {
  const name = history.map(({ content }) => /I am (\w+)/.exec(content)?.[1]).find((found) => found !== undefined);
  return prompt === 'Who am I?' ? `You are ${name ?? 'nobody I know'}.` : 'Hello.';
}

// Left out, the folder is in your home; `store: 'redis://127.0.0.1:6379'` keeps conversations in a Redis.
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
