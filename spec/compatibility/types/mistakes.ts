// Mistakes that must not compile. An unused directive is an error, too.
import {
  TrackGraph,
  TrackNode,
  TrackRequest,
  TrackTool,
  trackGraph,
  trackNode,
  trackRequest,
  trackTool,
} from 'tinyllm';

interface Options {
  readonly model: string;
}

interface Chunk {
  readonly count: number;
}

export class Client {
  readonly model: string = 'm';

  // @ts-expect-error: a name of the instance is misspelled.
  @TrackRequest({ model: (self) => self.modle })
  async inferredSelf(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name in an argument is misspelled.
  @TrackRequest({ model: (_self, [, options]) => options.modle })
  async inferredArgument(prompt: string, options: Options): Promise<string> {
    return prompt + options.model;
  }

  // @ts-expect-error: the method has one argument.
  @TrackRequest({ model: (_self, args) => args[7] })
  async missingArgument(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the result is misspelled.
  @TrackRequest({ isError: (result) => result.lenght === 0 })
  async inferredResult(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the result is misspelled.
  @TrackRequest({ usage: (result) => ({ outputTokens: result.lenght }) })
  async inferredUsage(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the chunks is misspelled.
  @TrackRequest({ usage: (chunk) => ({ outputTokens: chunk.cuont }) })
  async *generator(count: number): AsyncGenerator<Chunk> {
    yield { count };
  }

  // @ts-expect-error: a name of the chunks is misspelled.
  @TrackRequest({ usage: (chunk) => ({ outputTokens: chunk.cuont }) })
  async webStream(): Promise<ReadableStream<Chunk>> {
    return new ReadableStream();
  }

  // @ts-expect-error: a name of the result is misspelled.
  @TrackRequest({ stream: (result) => result.straem })
  async streamInResult(count: number): Promise<{ readonly stream: AsyncIterable<Chunk> }> {
    return { stream: this.generator(count) };
  }

  // @ts-expect-error: a name in an argument is misspelled.
  @TrackRequest({ labels: { tenant: (_self, [options]) => options.modle } })
  async labels(_options: Options): Promise<void> {}

  // @ts-expect-error: a label is a text.
  @TrackRequest({ model: (_self, [options]) => options })
  async labelValue(_options: Options): Promise<void> {}

  // @ts-expect-error: the name of an option is misspelled.
  @TrackRequest({ modle: 'm' })
  async optionName(): Promise<void> {}

  // @ts-expect-error: an option has the wrong type.
  @TrackRequest({ model: 7 })
  async optionType(): Promise<void> {}

  // @ts-expect-error: a name in an argument is misspelled.
  @TrackRequest<Client, [prompt: string, options: Options]>({ model: (_self, [, options]) => options.modle })
  async explicitArguments(prompt: string, options: Options): Promise<string> {
    return prompt + options.model;
  }

  // @ts-expect-error: a name of the instance is misspelled.
  @TrackRequest<Client>({ model: (self) => self.modle })
  async explicitSelf(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the result is misspelled.
  @TrackRequest<Client, [], Promise<string>>({ isError: (result) => result.lenght === 0 })
  async explicitResult(): Promise<string> {
    return '';
  }

  // @ts-expect-error: the method does not accept these arguments.
  @TrackRequest<Client, [prompt: number]>({ model: 'm' })
  async wrongArguments(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: the method does not accept these arguments.
  @TrackRequest({ model: (_self, [prompt]: readonly [number]) => String(prompt) })
  async wrongAnnotation(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the class is misspelled.
  @TrackRequest({ model: (self) => self.nmae })
  static async staticMethod(prompt: string): Promise<string> {
    return prompt;
  }

  // @ts-expect-error: a name of the instance is misspelled.
  @TrackNode({ node: (self) => self.modle })
  async node(): Promise<void> {}

  // @ts-expect-error: a name of the instance is misspelled.
  @TrackGraph({ graph: (self) => self.modle })
  async graph(): Promise<void> {}

  // @ts-expect-error: a name of the instance is misspelled.
  @TrackTool({ tool: (self) => self.modle })
  async tool(): Promise<void> {}

  // @ts-expect-error: the decorator is not called.
  @TrackRequest
  async withoutParentheses(): Promise<void> {}

  // @ts-expect-error: a getter is not a method.
  @TrackRequest()
  get accessor(): string {
    return '';
  }

  // @ts-expect-error: a field is not a method.
  @TrackRequest()
  field = 1;
}

// @ts-expect-error: a class is not a method.
@TrackRequest()
export class Decorated {}

const ask = async (prompt: string) => prompt;

// @ts-expect-error: a name in an argument is misspelled.
trackRequest(ask, { model: (_self, [prompt]) => prompt.lenght });
// @ts-expect-error: the function has one argument.
trackRequest(ask, { model: (_self, args) => args[7] });
// @ts-expect-error: a name of the result is misspelled.
trackRequest(ask, { usage: (result) => ({ outputTokens: result.lenght }) });
// @ts-expect-error: the name of an option is misspelled.
trackRequest(ask, { modle: 'm' });
// @ts-expect-error: a class is not a function.
trackRequest(Client);
// @ts-expect-error: a text is not a function.
trackRequest('ask');
// @ts-expect-error: the function has one argument.
trackNode(ask, { node: (_self, args) => args[7] });
// @ts-expect-error: the function has one argument.
trackGraph(ask, { graph: (_self, args) => args[7] });
// @ts-expect-error: the function has one argument.
trackTool(ask, { tool: (_self, args) => args[7] });
// @ts-expect-error: the wrapper has the type of the function.
trackTool(ask)(7);
