// Uses of decorators that must compile with each supported version of TypeScript and in both dialects of decorators.
import { TrackGraph, TrackNode, TrackRequest, type TrackRequestOptions, TrackTool } from 'tinyllm';

interface Options {
  readonly model: string;
}

interface Chunk {
  readonly count: number;
}

/** Options that are shared by several classes. */
const shared = {
  model: (self: { readonly model: string }) => self.model,
  graph: (_self: unknown, [request]: readonly [{ readonly graph?: string }]) => request.graph,
} as const;

const untyped: TrackRequestOptions = {
  model: (self, args) => self.anything + args[7],
  isError: (result) => result.bad,
};

// Without the context of a method, the types are unknown.
const track = TrackRequest({ model: (self, args) => self.anything + args[7].name });

function createDecorator(options?: TrackRequestOptions) {
  return TrackRequest(options);
}

export class Client {
  readonly model: string = 'm';
  protected readonly region: string = 'r';
  private readonly tenant: string = 't';

  @TrackRequest()
  async withoutOptions(prompt: string): Promise<string> {
    return prompt + this.tenant;
  }

  @TrackRequest({ model: 'fixed', graph: undefined, classifyError: (error) => String(error) })
  fixed(prompt: string): string {
    return prompt;
  }

  @TrackRequest({ model: (self) => self.model, graph: (self) => self.region })
  async inferredSelf(prompt: string): Promise<string> {
    return prompt;
  }

  @TrackRequest({ model: (_self, [, options]) => options.model, graph: (_self, args) => args[1].model })
  async inferredArguments(prompt: string, options: Options): Promise<string> {
    return prompt + options.model;
  }

  @TrackRequest({ isError: (result) => result.length === 0, usage: (result) => ({ outputTokens: result.length }) })
  async inferredResult(): Promise<string> {
    return '';
  }

  @TrackRequest({ usage: (chunk) => ({ outputTokens: chunk.count }) })
  async *generator(count: number): AsyncGenerator<Chunk> {
    yield { count };
  }

  @TrackRequest({ usage: (chunk) => ({ outputTokens: chunk.count }) })
  async iterable(count: number): Promise<AsyncIterable<Chunk>> {
    return this.generator(count);
  }

  @TrackRequest({ usage: (chunk) => ({ outputTokens: chunk.count }) })
  async webStream(_count: number): Promise<ReadableStream<Chunk>> {
    return new ReadableStream();
  }

  @TrackRequest({ stream: (result) => result.stream, usage: (chunk) => ({ outputTokens: chunk.count }) })
  async streamInResult(count: number): Promise<{ readonly stream: AsyncIterable<Chunk> }> {
    return { stream: this.generator(count) };
  }

  @TrackRequest({ stream: (result) => result.events, usage: (chunk) => ({ outputTokens: chunk.count }) })
  async streamInProperty(count: number): Promise<{ readonly events: AsyncIterable<Chunk> }> {
    return { events: this.generator(count) };
  }

  @TrackRequest({ labels: { tenant: (self, [options]) => self.model + options.model, region: 'eu' } })
  async labels(_options: Options): Promise<void> {}

  @TrackRequest({ model: (self: Client) => self.model, isError: (result: string) => result === '' })
  async annotated(prompt: string): Promise<string> {
    return prompt;
  }

  @TrackRequest({ model: (self: { readonly tenant: string }) => self.tenant })
  async annotatedWithPrivateMember(): Promise<void> {}

  @TrackRequest({ model: (_self: Client, [prompt]: readonly [string]) => prompt })
  async annotatedFirstArgument(prompt: string, options: Options): Promise<string> {
    return prompt + options.model;
  }

  // biome-ignore lint/suspicious/noExplicitAny: applications annotate parameters with any
  @TrackRequest({ model: (self: any, args: any) => self.model + args[7], isError: (result: any) => result.bad })
  async annotatedWithAny(prompt: string): Promise<string> {
    return prompt;
  }

  @TrackRequest({ ...shared, usage: (result) => ({ inputTokens: result.length }) })
  async sharedOptions(request: Options & { readonly graph?: string }, _signal: AbortSignal): Promise<string> {
    return request.model;
  }

  @TrackRequest(untyped)
  async untypedOptions(prompt: string): Promise<string> {
    return prompt;
  }

  @track
  async variable(prompt: string): Promise<string> {
    return prompt;
  }

  @createDecorator({ model: (self) => self.anything })
  async factory(prompt: string): Promise<string> {
    return prompt;
  }

  @TrackRequest({ model: (_self, [request]) => request.anything, isError: (result) => result.anything })
  generic<Request>(request: Request): Request {
    return request;
  }

  @TrackRequest({ model: (_self, [request]) => request.model })
  constrained<Request extends Options>(request: Request): Request {
    return request;
  }

  overloaded(prompt: string): string;
  overloaded(options: Options): string;
  // The type of the argument is that of the last overload, or of the implementation, depending on the dialect.
  @TrackRequest({ model: (_self, [input]) => (typeof input === 'string' ? input : input.model) })
  overloaded(input: string | Options): string {
    return typeof input === 'string' ? input : input.model;
  }

  firstOverload(prompt: string): string;
  firstOverload(options: Options): string;
  @TrackRequest({ model: (_self: Client, [prompt]: readonly [string]) => prompt.trim() })
  firstOverload(input: string | Options): string {
    return typeof input === 'string' ? input : input.model;
  }

  @TrackRequest({ model: (_self, args) => String(args.length) })
  optionalAndRest(_first?: number, ..._rest: string[]): void {}

  @TrackRequest({ model: (self) => self.model })
  declaredThis(this: Client, prompt: string): string {
    return prompt;
  }

  @TrackRequest({ model: (self) => self.region })
  protected protectedMethod(prompt: string): string {
    return prompt;
  }

  @TrackRequest({ model: (self) => self.name })
  static create(_name: string): Client {
    return new Client();
  }

  @TrackGraph({ graph: (self) => self.model })
  @TrackNode({ node: (self, [prompt]) => self.model + prompt })
  @TrackTool({ tool: (_self, [prompt]) => prompt, isError: (result) => result === '' })
  inferredReturnType(prompt: string) {
    return this.fixed(prompt);
  }

  @TrackRequest<Client, [prompt: string, options: Options]>({
    model: (self, [, options]) => self.model + options.model,
  })
  async explicit(prompt: string, options: Options): Promise<string> {
    return prompt + options.model;
  }

  @TrackRequest<Client, [prompt: string], Promise<number>>({ isError: (result) => result.toFixed() === '0' })
  async explicitResult(prompt: string, _options: Options): Promise<number> {
    return prompt.length;
  }

  @TrackNode<Client>({ node: (self, args) => self.model + args[7], isError: (result) => result.anything })
  explicitSelf(prompt: string): string {
    return prompt;
  }
}

export class Subclass extends Client {
  readonly extra: string = 'x';

  @TrackRequest({ model: (self) => self.model + self.extra })
  override async withoutOptions(prompt: string): Promise<string> {
    return super.withoutOptions(prompt);
  }
}

export class GenericClass<Request extends Options> {
  constructor(readonly request: Request) {}

  @TrackRequest({ model: (self, [request]) => self.request.model + request.model })
  run(request: Request): Request {
    return request;
  }
}

export abstract class AbstractClass {
  abstract readonly model: string;

  @TrackRequest({ model: (self) => self.model })
  run(prompt: string): string {
    return prompt;
  }
}

// Decorators can be called as functions, with the arguments of either dialect.
TrackNode()({}, 'method', { value: () => 1 });
TrackNode()(() => 1, {} as ClassMethodDecoratorContext);
