import { TrackNode, TrackRequest } from 'tinyllm';

class QuotaError extends Error {}

class RouterNode {
  @TrackNode({ node: 'router', graph: 'assistant' })
  async execute(question: string): Promise<string> {
    if (question === '') throw new RangeError('The question is empty.');
    if (question === 'forbidden') throw new QuotaError('No questions are left.');
    return question.endsWith('?') ? 'answer' : 'small talk';
  }
}

class PlannerNode {
  @TrackNode()
  plan(steps: number): number {
    return steps + 1;
  }
}

class EchoClient {
  @TrackRequest({ model: 'echo', graph: 'assistant' })
  async generate(prompt: string): Promise<string> {
    return prompt.toUpperCase();
  }
}

/** The tracked objects, whose methods are decorated. The code is the same in both dialects of decorators. */
export const executors = { router: new RouterNode(), planner: new PlannerNode(), client: new EchoClient() };
