import { TrackNode, TrackRequest } from 'tinyllm';

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

type Decorator = ReturnType<typeof TrackNode>;

/** Applies a decorator to a method without decorator syntax, which Node can't run. */
function decorateMethod(type: { readonly prototype: object }, method: string, decorator: Decorator): void {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, method);
  if (descriptor === undefined) throw new Error(`The class has no method ${method}.`);
  Object.defineProperty(type.prototype, method, decorator(type.prototype, method, descriptor));
}

decorateMethod(RouterNode, 'execute', TrackNode({ node: 'router', graph: 'assistant' }));
decorateMethod(PlannerNode, 'plan', TrackNode());
decorateMethod(EchoClient, 'generate', TrackRequest({ model: 'echo', graph: 'assistant' }));

/** The tracked objects of `decorated.ts`, for runtimes that erase types but don't support decorators. */
export const executors = { router: new RouterNode(), planner: new PlannerNode(), client: new EchoClient() };
