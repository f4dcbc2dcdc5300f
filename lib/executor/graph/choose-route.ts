import { askModel, type ModelReply } from './ask-model.js';
import type { Message, NodeContext } from './node.js';

/** A route, with the description that the model receives. */
export interface RouteOption {
  readonly route: string;
  readonly description: string;
}

/** The choice of a model. `route` is undefined if the answer names no route or several routes. */
export interface RouteChoice {
  readonly route: string | undefined;
  readonly spent: ModelReply['spent'];
}

const system = 'You send questions to the right specialist. Answer with the name of one specialist, and nothing else.';

/** Asks the model of the node to choose a route for a question. Throws the errors of the model. */
export async function chooseRoute(
  options: readonly RouteOption[],
  { question }: Message,
  context: NodeContext,
): Promise<RouteChoice> {
  const list = options.map(({ route, description }) => `- ${route}: ${description}`).join('\n');
  const prompt = `The specialists:\n${list}\n\nThe question:\n${question}\n\nThe name of the specialist for this question:`;
  const { text, spent } = await askModel({ system, prompt }, context);
  return {
    route: routeIn(
      text,
      options.map(({ route }) => route),
    ),
    spent,
  };
}

/** The route that a text names: the whole text, or else the only route that occurs as a word. */
function routeIn(text: string, routes: readonly string[]): string | undefined {
  const said = text.toLowerCase();
  const bare = said.replace(/^[^\p{L}]+|(?<![^\p{L}\p{N}_-])[^\p{L}\p{N}_-]+$/gu, '');
  const exact = routes.find((route) => route.toLowerCase() === bare);
  if (exact !== undefined) return exact;
  const words = new Set(said.match(/\p{L}[\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*/gu));
  const [named, second] = routes.filter((route) => words.has(route.toLowerCase()));
  return second === undefined ? named : undefined;
}
