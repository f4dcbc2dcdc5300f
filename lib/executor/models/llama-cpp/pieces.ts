import { EventEmitter, on } from 'node:events';

/** Work that passes each piece to a callback. It should end early when the signal aborts. */
export type PieceWork<Piece> = (onPiece: (piece: Piece) => void, stop: AbortSignal) => Promise<void>;

/**
 * Yields the pieces of the work. Leaving the loop early stops the work.
 *
 * If one of the signals aborts, its reason is thrown immediately, even if the work takes longer to stop.
 */
export async function* piecesOf<Piece>(
  work: PieceWork<Piece>,
  signals: readonly AbortSignal[],
): AsyncGenerator<Piece, void, undefined> {
  const throwIfAborted = (): void => {
    for (const signal of signals) signal.throwIfAborted();
  };
  throwIfAborted();
  const stop = new AbortController();
  const emitter = new EventEmitter();
  const pieces = on(emitter, 'piece', { close: ['end'] }) as AsyncIterable<[Piece]>;
  // Ignores errors after the reader has left.
  emitter.on('error', () => undefined);
  const abort = ({ target }: Event): void => {
    const { reason } = target as AbortSignal;
    stop.abort(reason);
    emitter.emit('error', reason);
  };
  for (const signal of signals) signal.addEventListener('abort', abort);
  void work((piece) => emitter.emit('piece', piece), stop.signal).then(
    () => emitter.emit('end'),
    (error: unknown) => emitter.emit('error', error),
  );
  try {
    for await (const [piece] of pieces) {
      throwIfAborted();
      yield piece;
    }
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
    stop.abort();
  }
}
