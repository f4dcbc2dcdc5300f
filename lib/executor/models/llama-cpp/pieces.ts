import { EventEmitter, on } from 'node:events';

/** Work that tells its pieces as they come. */
export type PieceWork<Piece> = (tell: (piece: Piece) => void, stop: AbortSignal) => Promise<void>;

/**
 * The pieces that some work tells, to be read one by one; to leave the loop early stops the work.
 *
 * An abort of one of the signals is thrown, with its reason, at once: the work may still need a while to stop.
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
  const told = new EventEmitter();
  const coming = on(told, 'piece', { close: ['end'] }) as AsyncIterable<[Piece]>;
  // An error that comes after the reader has left concerns nobody.
  told.on('error', () => undefined);
  const abort = ({ target }: Event): void => {
    const { reason } = target as AbortSignal;
    stop.abort(reason);
    told.emit('error', reason);
  };
  for (const signal of signals) signal.addEventListener('abort', abort);
  void work((piece) => told.emit('piece', piece), stop.signal).then(
    () => told.emit('end'),
    (error: unknown) => told.emit('error', error),
  );
  try {
    for await (const [piece] of coming) {
      throwIfAborted();
      yield piece;
    }
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
    stop.abort();
  }
}
