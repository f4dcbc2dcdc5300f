import type { Readable } from 'node:stream';
import type { TrackGraph, TrackNode, TrackRequest, TrackTool } from 'tinyllm';

/** The decorators are parameters, because this file is compiled once per dialect and may import only types. */
export interface Decorators {
  readonly TrackGraph: typeof TrackGraph;
  readonly TrackNode: typeof TrackNode;
  readonly TrackRequest: typeof TrackRequest;
  readonly TrackTool: typeof TrackTool;
}

export type Subjects = ReturnType<typeof defineSubjects>;

/** Classes with decorated methods of every kind. The methods return or yield their arguments. */
export function defineSubjects({ TrackGraph, TrackNode, TrackRequest, TrackTool }: Decorators, graph: string) {
  class Node {
    readonly id: string = 'node';
    #secret = 'secret';

    /** Calls its argument synchronously. */
    @TrackNode({ node: 'node', graph })
    run<Result>(work: (self: Node, ...rest: unknown[]) => Result, ...rest: unknown[]): Result {
      return work(this, ...rest);
    }

    @TrackNode({ node: 'node', graph })
    async runAsync<Result>(work: (self: Node) => Result | PromiseLike<Result>, _options?: unknown): Promise<Result> {
      return await work(this);
    }

    @TrackNode({ node: 'node', graph })
    *count(limit: number, last?: unknown): Generator<number, unknown> {
      for (let index = 0; index < limit; index++) yield index;
      return last;
    }

    @TrackNode({ node: 'node', graph })
    async *stream(limit: number, failure?: unknown): AsyncGenerator<number, string> {
      for (let index = 0; index < limit; index++) yield index;
      if (failure !== undefined) throw failure;
      return 'returned';
    }

    @TrackNode({ node: 'node', graph })
    recurse(depth: number): number {
      return depth === 0 ? 0 : 1 + this.recurse(depth - 1);
    }

    /** Calls itself until the stack overflows, and counts the depth. */
    @TrackNode({ node: 'deep', graph })
    deepNode(reached: { depth: number }): never {
      reached.depth++;
      return this.deepNode(reached);
    }

    @TrackGraph({ graph })
    deepGraph(reached: { depth: number }): never {
      reached.depth++;
      return this.deepGraph(reached);
    }

    @TrackRequest({ model: 'deep', graph })
    deepRequest(reached: { depth: number }): never {
      reached.depth++;
      return this.deepRequest(reached);
    }

    @TrackNode({ node: 'deep', graph })
    *deepStream(reached: { depth: number }): Generator<never> {
      reached.depth++;
      for (const value of this.deepStream(reached)) yield value;
    }

    @TrackNode({ node: 'node', graph })
    secret(): string {
      return this.#secret;
    }

    @TrackNode({ node: 'node', graph })
    static create(): Node {
      return new Node();
    }

    @TrackNode({ graph })
    named(): string {
      return 'named';
    }

    @TrackNode({ node: 'node', graph, classifyError: () => 'mine', isError: (result) => result === 'bad' })
    judged<Result>(work: () => Result): Result {
      return work();
    }

    @TrackNode({
      node: () => {
        throw new Error('no label');
      },
      graph,
      classifyError: () => {
        throw new Error('no type');
      },
      isError: () => {
        throw new Error('no verdict');
      },
    })
    broken<Result>(work: () => Result): Result {
      return work();
    }

    @TrackNode({ node: (_self, [name]) => name, graph })
    labelled(_name: unknown): void {}
  }

  class Child extends Node {
    override readonly id = 'child';

    @TrackNode({ node: 'child', graph })
    override secret(): string {
      return super.secret();
    }
  }

  class Workflow {
    @TrackGraph({ graph })
    async execute<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
      return await work();
    }
  }

  class Client {
    @TrackRequest({ model: 'model', graph })
    async generate<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
      return await work();
    }

    @TrackRequest({ model: 'model', graph, requestType: 'stream' })
    async *stream<Chunk>(chunks: Iterable<Chunk> | AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
      yield* chunks;
    }

    @TrackRequest({ model: 'model', graph, requestType: 'stream' })
    async open<Stream extends AsyncIterable<unknown> | Readable>(stream: Stream, _options?: unknown): Promise<Stream> {
      return stream;
    }

    @TrackRequest({
      model: (self: Client) => self.model,
      graph: (_self, [request]) => request.graph,
      usage: (result) => ({ inputTokens: result.length, outputTokens: 1 }),
    })
    async ask(request: { readonly graph: string; readonly text: string }): Promise<string> {
      return request.text;
    }

    readonly model = 'computed';
  }

  class Search {
    @TrackTool({ tool: 'search', graph, isError: (result) => result === 'bad' })
    async run<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
      return await work();
    }

    @TrackTool({ graph })
    named(): string {
      return 'named';
    }
  }

  class Both {
    @TrackGraph({ graph })
    @TrackNode({ node: 'both', graph })
    async execute(value: string): Promise<string> {
      return value;
    }
  }

  return { Node, Child, Workflow, Client, Search, Both };
}
