/** What a check found. */
export interface Finding {
  /** What was looked at, in a word. */
  readonly check: string;
  /** A note is nothing to be put right, but to be known. */
  readonly verdict: 'ok' | 'failed' | 'note';
  readonly found: string;
  /** What to do about it: a command to type, where there is one. */
  readonly fix?: string;
}

/** All is well. */
export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found };
}

/** Something does not work. */
export function failed(check: string, found: string, fix: string): Finding {
  return { check, verdict: 'failed', found, fix };
}

/** Something does not work, in the words of an error: what came, a semicolon, and what to do, unless a fix is given. */
export function failedBy(check: string, error: unknown, fix?: string): Finding {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const [found = '', ...advice] = message.replace(/\.$/, '').split('; ');
  const known = fix ?? advice.join('; ');
  return { check, verdict: 'failed', found, ...(known === '' ? {} : { fix: known }) };
}

/** Nothing is broken, but somebody had better know. */
export function note(check: string, found: string, fix: string): Finding {
  return { check, verdict: 'note', found, fix };
}
