import { inspect, styleText } from 'node:util';
import { isTinyLLMError, withoutUrlSecrets } from 'tinyllm/configuration';
import { ReportedFailure } from '../errors/reported-failure.js';
import { UsageError } from '../errors/usage-error.js';

/** The part of a writable stream the output needs. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  /** How wide and how high it is, in characters, where it is a terminal. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, done?: () => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Where the output goes, and what decides on colour. */
export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Called once when stdout can no longer be written; `EPIPE` is its reader having left. */
  readonly onBroken?: (error: NodeJS.ErrnoException) => void;
}

/** A terminal that is drawn on as a whole. */
export interface Screen {
  /** In characters, as they are now; undefined when the terminal does not say. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly colour: boolean;
  /** Writes as it stands, control sequences included. */
  write(text: string): void;
}

/** What stands before a line. */
export interface Mark {
  readonly mark: string;
  readonly colour: 'green' | 'red' | 'yellow';
}

/** How to tell of a failure. */
export interface FailureOptions {
  /** Also as an object on stdout. */
  readonly json?: boolean;
  /** With the stack and the causes. */
  readonly debug?: boolean;
}

/** Control characters, but no line feeds and no tabs. */
const steering = /(?![\n\t])\p{Cc}/gu;

/** The one place that prints: answers and data on stdout, everything else on stderr. */
export class Output {
  /** Whether stdout is a terminal, where an answer is shown piece by piece. */
  readonly interactive: boolean;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #colour: boolean;
  readonly #colourOnStdout: boolean;
  #midLine = false;
  #broken = false;

  constructor(options: OutputOptions) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
    this.interactive = options.stdout.isTTY === true;
    this.#colour = wantsColour(options.stderr, options.environment);
    this.#colourOnStdout = wantsColour(options.stdout, options.environment);
    options.stdout.on('error', (error) => {
      if (!this.#broken) options.onBroken?.(error);
      this.#broken = true;
    });
    // When nobody reads stderr there is nobody left to tell.
    options.stderr.on('error', () => undefined);
  }

  /** Stderr when it is a terminal, for what draws there; undefined otherwise. */
  get terminal(): OutputStream | undefined {
    return this.#stderr.isTTY === true ? this.#stderr : undefined;
  }

  /** Stdout when it is a terminal, for what draws on all of it; undefined otherwise. */
  get screen(): Screen | undefined {
    if (!this.interactive) return undefined;
    const stream = this.#stdout;
    return {
      colour: this.#colourOnStdout,
      get columns() {
        return stream.columns;
      },
      get rows() {
        return stream.rows;
      },
      write: (text) => {
        if (!this.#broken) stream.write(text);
      },
    };
  }

  /** Prints text on stdout, ended by a line break. */
  text(text: string): void {
    this.piece(text);
    this.endLine();
  }

  /** Prints a line on stdout behind a mark, which has a colour on a terminal. */
  marked({ mark, colour }: Mark, text: string): void {
    this.endLine();
    if (this.#broken) return;
    this.#stdout.write(this.#colourOnStdout ? styleText(colour, mark, { validateStream: false }) : mark);
    this.text(` ${text}`);
  }

  /** Prints a piece of an answer on stdout as it comes; what would steer a terminal rather than be read is left out. */
  piece(text: string): void {
    const shown = this.interactive ? text.replace(steering, '') : text;
    if (this.#broken || shown === '') return;
    this.#stdout.write(shown);
    this.#midLine = !shown.endsWith('\n');
  }

  /** Ends the line that pieces have left open on stdout. */
  endLine(): void {
    if (this.#midLine) this.piece('\n');
  }

  /** Prints one object on stdout, on one line. */
  json(value: unknown): void {
    this.text(JSON.stringify(value));
  }

  /** Prints lines on stderr. */
  note(text: string): void {
    if (this.interactive) this.endLine();
    // A line of JSON is a record of a server, which names no URL of a user.
    const shown = text.startsWith('{') ? text : withoutUrlSecrets(text);
    this.#stderr.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  }

  /** Tells of a failure on stderr: one line, and for a `UsageError` a second one that names the help. */
  failure(error: unknown, options: FailureOptions = {}): void {
    const { name, message } = described(error);
    const report = error instanceof ReportedFailure ? error.report : {};
    if (options.json) this.text(JSON.stringify({ ...report, error: { name, message } }, withoutSecrets));
    // The stream has been looked at already, and it is stderr; without this Node would look at stdout.
    const label = this.#colour ? styleText('red', 'tinyllm:', { validateStream: false }) : 'tinyllm:';
    this.note(`${label} ${message}`);
    if (error instanceof UsageError) {
      this.note(`Try: ${['tinyllm', error.command, '--help'].filter((word) => word !== '').join(' ')}`);
    }
    if (options.debug) this.note(inspect(error));
  }

  /** Resolves when everything printed so far has been handed to the system. */
  async flush(): Promise<void> {
    const streams = this.#broken ? [this.#stderr] : [this.#stdout, this.#stderr];
    await Promise.all(streams.map((stream) => new Promise<void>((done) => stream.write('', () => done()))));
  }
}

/** What an error says may contain a URL. */
function withoutSecrets(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutUrlSecrets(value) : value;
}

/** An error in one line; one that is not ours is named, since its words alone may say little. */
function described(error: unknown): { readonly name: string; readonly message: string } {
  if (isTinyLLMError(error)) return { name: error.name, message: oneLine(error.message) };
  if (!(error instanceof Error)) return { name: typeof error, message: oneLine(`unexpected ${String(error)}`) };
  return { name: error.name, message: oneLine(`unexpected ${error.name}: ${error.message}`) };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, (run) => (/[\r\n]/.test(run) ? ' ' : run));
}

/** What tells whether a stream can show colour. */
export interface ColourFacts {
  readonly isTTY?: boolean | undefined;
}

/**
 * Whether to colour what goes to a stream.
 *
 * `FORCE_COLOR` decides first (`0` and `false` mean no, anything else yes), as in Node itself; then `NO_COLOR`
 * (set to anything but the empty string: no); else a terminal that is not `dumb` gets colour.
 */
export function wantsColour(stream: ColourFacts, environment: NodeJS.ProcessEnv): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment.NO_COLOR) return false;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
