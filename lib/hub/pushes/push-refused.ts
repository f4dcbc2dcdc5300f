import { TinyLLMError } from 'tinyllm/configuration';

/** The HTTP status of a refused push: malformed, in conflict, too large, unknown format, or no room. */
export type RefusalStatus = 400 | 403 | 409 | 413 | 415 | 500 | 503 | 507;

/** The hub refused a push, and counted nothing of it. */
export class PushRefused extends TinyLLMError {
  constructor(
    readonly status: RefusalStatus,
    message: string,
  ) {
    super(message);
  }
}

/** A place in a push: a line of text, or a family and a series of a protobuf message. All numbers start at 1. */
export type Place = number | { readonly family: number; readonly series?: number };

/** A place in words: `line 3`, `family 2, series 7`. */
export function placeText(place: Place): string {
  if (typeof place === 'number') return `line ${place}`;
  return `family ${place.family}${place.series === undefined ? '' : `, series ${place.series}`}`;
}

/** Refuses a push because of one place in it. */
export function refuseAt(status: 400 | 409 | 413, place: Place, problem: string): never {
  throw new PushRefused(status, `${placeText(place)}: ${problem}`);
}

/** Text from a push for an error message: in JSON, and not longer than 80 characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
