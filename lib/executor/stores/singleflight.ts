import { Flight, type FlightWork } from './flight.js';

/** Who reads, and what is to be done when nobody does it yet. */
export interface FlightRequest<Piece> {
  readonly work: FlightWork<Piece>;
  /** Ends this reader alone. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the work was under way already. */
  readonly onJoin?: () => void;
}

/** Does work of the same key once for all who ask for it at the same time; what came of it is not kept. */
export class Singleflight<Piece> {
  readonly #flights = new Map<string, Flight<Piece>>();

  /** Gives the work's pieces, from the first one on, to everybody who asks. Throws as `Flight.read` does. */
  async *run(key: string, { work, signal, onJoin }: FlightRequest<Piece>): AsyncGenerator<Piece, void, undefined> {
    signal?.throwIfAborted();
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) onJoin?.();
    yield* (underWay ?? this.#start(key, work)).read(signal);
  }

  #start(key: string, work: FlightWork<Piece>): Flight<Piece> {
    const flight = new Flight(work, () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight;
  }
}
