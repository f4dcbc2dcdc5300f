import { printable } from '../../terminal/printable.js';

/** The result of a check. Its texts are one line without control characters, which could come from a server. */
export interface Finding {
  /** The name of the check: one word. */
  readonly check: string;
  /** A `note` is information that doesn't fail the command. */
  readonly verdict: 'ok' | 'failed' | 'note';
  readonly found: string;
  /** The fix: a command if possible. */
  readonly fix?: string;
}

/** Returns a successful result. */
export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found: printable(found) };
}

/** Returns a failed result. */
export function failed(check: string, found: string, fix: string): Finding {
  return { check, verdict: 'failed', found: printable(found), fix: printable(fix) };
}

/** Returns a failed result from an error. Without `fix`, the text after the first `; ` of the message is the fix. */
export function failedWith(check: string, error: unknown, fix?: string): Finding {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const [found = '', ...advice] = message.replace(/\.$/, '').split('; ');
  const known = fix ?? advice.join('; ');
  return { check, verdict: 'failed', found: printable(found), ...(known === '' ? {} : { fix: printable(known) }) };
}

/** Returns a result with information that doesn't fail the command. */
export function note(check: string, found: string, fix: string): Finding {
  return { check, verdict: 'note', found: printable(found), fix: printable(fix) };
}
