import { trackNode, trackRequest } from 'tinyllm';

class QuotaError extends Error {}

class RouterNode {
  async execute(question: string): Promise<string> {
    if (question === '') throw new RangeError('The question is empty.');
    if (question === 'forbidden') throw new QuotaError('No questions are left.');
    return question.endsWith('?') ? 'answer' : 'small talk';
  }
}

class PlannerNode {
  plan(steps: number): number {
    return steps + 1;
  }
}

class EchoClient {
  async generate(prompt: string): Promise<string> {
    return prompt.toUpperCase();
  }
}

RouterNode.prototype.execute = trackNode(RouterNode.prototype.execute, { node: 'router', graph: 'assistant' });
PlannerNode.prototype.plan = trackNode(PlannerNode.prototype.plan, { node: (self) => self.constructor.name });
EchoClient.prototype.generate = trackRequest(EchoClient.prototype.generate, { model: 'echo', graph: 'assistant' });

/** The tracked objects of `decorated.ts`, for runtimes that erase types but don't support decorators. */
export const executors = { router: new RouterNode(), planner: new PlannerNode(), client: new EchoClient() };
