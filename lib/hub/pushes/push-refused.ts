import { TinyLLMError } from 'tinyllm/configuration';

/**
 * The HTTP status of a rejected push, such as 400 (malformed), 409 (conflict), 413 (too large) or 507 (limit reached).
 */
export type RefusalStatus = 400 | 403 | 409 | 413 | 415 | 500 | 503 | 507;

/** The hub rejected a push. With status 409, the metrics without a conflict are counted; otherwise nothing is. */
export class PushRefused extends TinyLLMError {
  constructor(
    readonly status: RefusalStatus,
    message: string,
  ) {
    super(message);
  }
}

/** A position in a push: a line of text, or a family and a series of a protobuf message. All numbers start at 1. */
export type Place = number | { readonly family: number; readonly series?: number };

/** Formats a position: `line 3`, `family 2, series 7`. */
export function placeText(place: Place): string {
  if (typeof place === 'number') return `line ${place}`;
  return `family ${place.family}${place.series === undefined ? '' : `, series ${place.series}`}`;
}

/** Rejects a push because of a problem at a position. */
export function rejectAt(status: 400 | 409 | 413, place: Place, problem: string): never {
  throw new PushRefused(status, `${placeText(place)}: ${problem}`);
}

/** Quotes text from a push for an error message, as JSON and truncated to 80 characters. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
