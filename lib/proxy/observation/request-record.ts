import type { CallSeries, SeriesBinder, StreamRecorder } from 'tinyllm/recording';
import type { Fields } from './answer-part.js';

/** The labels of a request. */
export interface RequestRecordLabels {
  readonly model: string;
  readonly graph: string;
  readonly requestType: string;
}

/** How a request ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly result?: Fields | undefined }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly errorType: string; readonly isTimeout: boolean };

/** Writes one request to its series: once it begins, as its parts come, and as it ends, each once. */
export class RequestRecord {
  #series: CallSeries | undefined;
  #stream: StreamRecorder | undefined;
  #isEnded = false;

  /** @param started When the request came, in milliseconds of the clock that tells the parts' times. */
  constructor(
    private readonly bind: SeriesBinder<CallSeries>,
    private readonly started: number,
  ) {}

  get hasBegun(): boolean {
    return this.#series !== undefined;
  }

  begin(labels: RequestRecordLabels): void {
    if (!this.#isEnded) this.#series ??= this.bind(undefined, [labels]).begin();
  }

  /** A part of a streamed answer with output in it came. */
  output(part: unknown, now: number): void {
    this.#recorder()?.chunk(part, now);
  }

  /** A part without output told something of the request. */
  told(part: unknown): void {
    this.#recorder()?.returned(part);
  }

  end(outcome: Outcome, now: number): void {
    const series = this.#series;
    if (this.#isEnded || series === undefined) return;
    this.#isEnded = true;
    series.ended(Math.max(0, now - this.started) / 1_000);
    if (outcome.kind === 'failed') {
      series.failed(outcome.errorType, outcome.isTimeout);
      this.#stream?.fail();
    } else if (this.#stream !== undefined) {
      this.#stream.finish(outcome.kind === 'answered');
    } else if (outcome.kind === 'answered') {
      series.succeeded(outcome.result);
    } else {
      series.cancelled();
    }
  }

  #recorder(): StreamRecorder | undefined {
    if (!this.#isEnded) this.#stream ??= this.#series?.recordStream(this.started);
    return this.#stream;
  }
}
