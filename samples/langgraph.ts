// A LangGraph.js graph whose nodes are classes with decorated methods. LangGraph.js needs no changes.
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { registry, TrackGraph, TrackNode, TrackRequest } from 'tinyllm';

const graph = 'library_desk';

const State = Annotation.Root({
  question: Annotation<string>,
  found: Annotation<readonly string[]>,
  answer: Annotation<string>,
});
type State = typeof State.State;

const shelves: Readonly<Record<string, string>> = {
  whale: 'Moby-Dick, shelf 3',
  windmill: 'Don Quixote, shelf 7',
};

/** Replaces the client of a real model in this example. */
class Librarian {
  @TrackRequest({ model: 'librarian-1', graph })
  async generate(prompt: string) {
    return { text: `You will like ${prompt}.`, usage: { inputTokens: 9, outputTokens: 6 } };
  }
}

class Search {
  readonly id = 'search';

  @TrackNode({ graph })
  async invoke({ question }: State): Promise<Partial<State>> {
    return { found: Object.keys(shelves).filter((word) => question.includes(word)) };
  }
}

class Recommend {
  readonly id = 'recommend';
  readonly #librarian = new Librarian();

  @TrackNode({ graph })
  async invoke({ found }: State): Promise<Partial<State>> {
    const books = found.map((word) => shelves[word]).join(' and ');
    return { answer: (await this.#librarian.generate(books)).text };
  }
}

class Apologize {
  readonly id = 'apologize';

  @TrackNode({ graph })
  async invoke(): Promise<Partial<State>> {
    return { answer: 'We have no such book.' };
  }
}

class LibraryDesk {
  readonly #search = new Search();
  readonly #recommend = new Recommend();
  readonly #apologize = new Apologize();

  readonly #compiled = new StateGraph(State)
    .addNode('search', (state) => this.#search.invoke(state))
    .addNode('recommend', (state) => this.#recommend.invoke(state))
    .addNode('apologize', () => this.#apologize.invoke())
    .addEdge(START, 'search')
    .addConditionalEdges('search', ({ found }) => (found.length > 0 ? 'recommend' : 'apologize'))
    .addEdge('recommend', END)
    .addEdge('apologize', END)
    .compile();

  @TrackGraph({ graph })
  async ask(question: string): Promise<string> {
    return (await this.#compiled.invoke({ question })).answer;
  }
}

const desk = new LibraryDesk();
console.log(await desk.ask('Is there something with a whale or a windmill?'));
console.log(await desk.ask('Is there something about sand?'));

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(requests|tokens_output|node_executions|graph_executions)_total\{/.test(line)) console.log(line);
}
