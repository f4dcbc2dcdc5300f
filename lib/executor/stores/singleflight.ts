import { Flight, type FlightWork } from './flight.js';

/** A request to share work, or to start it if no other caller has. */
export interface FlightRequest<Piece> {
  readonly work: FlightWork<Piece>;
  /** Ends only this reader. The work continues for the others. */
  readonly signal?: AbortSignal | undefined;
  /** Called if the work was already running. */
  readonly onJoin?: () => void;
}

/** Concurrent calls with the same key share one run of the work. The result is not cached. */
export class Singleflight<Piece> {
  readonly #flights = new Map<string, Flight<Piece>>();

  /** Yields all pieces of the work from the beginning, also to callers that join later. Throws as `Flight.read` does. */
  async *run(key: string, { work, signal, onJoin }: FlightRequest<Piece>): AsyncGenerator<Piece, void, undefined> {
    signal?.throwIfAborted();
    const running = this.#flights.get(key);
    if (running !== undefined) onJoin?.();
    yield* (running ?? this.#start(key, work)).read(signal);
  }

  #start(key: string, work: FlightWork<Piece>): Flight<Piece> {
    const flight = new Flight(work, () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight;
  }
}
