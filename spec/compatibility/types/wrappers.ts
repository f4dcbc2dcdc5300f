// Uses of function wrappers that must compile with each supported version of TypeScript.
import { trackGraph, trackNode, trackRequest, trackTool } from 'tinyllm';

interface Options {
  readonly model: string;
}

export const ask = trackRequest(async (prompt: string, options: Options) => prompt + options.model, {
  model: (_self, [, options]) => options.model,
  isError: (result) => result.length === 0,
  usage: (result) => ({ outputTokens: result.length }),
});
export const answer: Promise<string> = ask('hello', { model: 'm' });

export const stream = trackRequest(
  async function* (count: number) {
    yield { count };
  },
  { usage: (chunk) => ({ outputTokens: chunk.count }) },
);
export const chunks: AsyncIterable<{ readonly count: number }> = stream(1);

/** Generic functions and overloads keep their types. */
export const literal: 'a' = trackTool(function identity<Value>(value: Value): Value {
  return value;
})('a' as const);
interface Parse {
  (text: string): string;
  (value: number): number;
}
export const parse: Parse = trackNode(((value: unknown) => value) as Parse, { node: 'parse' });
export const genericResult: Promise<{ readonly model: 'x' }> = trackGraph(
  async <Request extends Options>(request: Request) => request,
  { graph: (_self, [request]) => request.model },
)({ model: 'x' } as const);
export const generic: number = trackTool(<Value>(value: Value) => value, { tool: (_self, [value]) => value.anything })(
  1,
);

/** Own properties keep their types. */
export const limit: number = trackTool(
  Object.assign((text: string) => text, { limit: 1 }),
  { tool: 'cut' },
).limit;

export const withThis = trackNode(
  function (this: { readonly model: string }, prompt: string) {
    return this.model + prompt;
  },
  { node: (self, [prompt]) => self.model + prompt },
);

class Client {
  readonly model: string = 'm';

  generate(prompt: string): string {
    return prompt;
  }
}

Client.prototype.generate = trackRequest(Client.prototype.generate, { model: (self) => self.model });
Client.prototype.generate = trackRequest(Client.prototype.generate, { model: (self: Client) => self.model });
trackRequest(new Client().generate, { labels: { tenant: (_self, [prompt]) => prompt } });
