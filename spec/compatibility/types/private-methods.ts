// Uses of decorators that must compile in the standard's dialect. The other dialect has no decorators on #private methods.
import { TrackNode } from 'tinyllm';

export class Node {
  readonly name: string = 'n';

  run(question: string): string {
    return this.#secret(question);
  }

  @TrackNode({ node: (self, [question]) => self.name + question })
  #secret(question: string): string {
    return question;
  }
}
