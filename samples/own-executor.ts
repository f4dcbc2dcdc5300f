// Adds metrics to your own executor: its nodes, its graph and its client only get decorators.
import { getTrackedMethods, registry, TrackGraph, TrackNode, TrackRequest } from 'tinyllm';

const graph = 'support_desk';

interface Ticket {
  readonly text: string;
  readonly notes: readonly string[];
}

interface Step {
  readonly id: string;
  run(ticket: Ticket): Promise<Ticket>;
}

/** Replaces the client of a real model in this example. */
class Client {
  constructor(readonly model: string) {}

  @TrackRequest({ model: (self: Client) => self.model, graph })
  async complete(prompt: string) {
    if (prompt.includes('unplugged')) throw new RangeError('No such cable.');
    return { text: `Have you tried: ${prompt}?`, usage: { prompt_tokens: 12, completion_tokens: 5 } };
  }
}

/** One decorated base class is enough: each subclass is recorded with its own id as the label `node`. */
abstract class TrackedStep implements Step {
  abstract readonly id: string;
  protected abstract work(ticket: Ticket): Promise<string>;

  @TrackNode({ graph })
  async run(ticket: Ticket): Promise<Ticket> {
    return { ...ticket, notes: [...ticket.notes, await this.work(ticket)] };
  }
}

class Triage extends TrackedStep {
  readonly id = 'triage';

  protected async work({ text }: Ticket) {
    return /urgent/i.test(text) ? 'urgent' : 'can wait';
  }
}

class Answer extends TrackedStep {
  readonly id = 'answer';
  readonly #client = new Client('helper-1');

  protected async work({ text }: Ticket) {
    return (await this.#client.complete(text)).text;
  }
}

class SupportDesk {
  readonly #steps: readonly Step[] = [new Triage(), new Answer()];

  @TrackGraph({ graph })
  async handle(text: string): Promise<Ticket> {
    let ticket: Ticket = { text, notes: [] };
    for (const step of this.#steps) ticket = await step.run(ticket);
    return ticket;
  }
}

const desk = new SupportDesk();
for (const text of ['Urgent: the screen is dark', 'It is unplugged']) {
  const outcome = await desk.handle(text).then(
    ({ notes }) => notes.join(' | '),
    (error: Error) => `failed: ${error.message}`,
  );
  console.log(outcome);
}

console.log(getTrackedMethods(Triage).map(({ kind, method }) => `${kind} ${String(method)}`));
for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(node_executions|node_errors|graph_executions|graph_errors|errors)_total\{/.test(line))
    console.log(line);
}
