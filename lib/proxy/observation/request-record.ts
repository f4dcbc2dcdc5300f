import type { CallSeries, ResponseReading, SeriesBinder, StreamedResponse, StreamRecorder } from 'tinyllm/recording';

/** The labels of a request. */
export interface RequestRecordLabels {
  readonly model: string;
  readonly graph: string;
  readonly requestType: string;
  /** The values of the additional labels. */
  readonly values: readonly string[];
}

/** How a request ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly reading: ResponseReading }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      readonly errorType: string;
      readonly isTimeout: boolean;
      /** Other facts in the response. */
      readonly reading?: ResponseReading;
    };

/** Records one request in its series: its start, its chunks and its end. Start and end are recorded once. */
export class RequestRecord {
  #series: CallSeries | undefined;
  #stream: StreamRecorder | undefined;
  #isEnded = false;

  /** @param started Start time in milliseconds, on the same clock as the times of the chunks. */
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

  /** Marks the response as streamed. `response` reads the chunks. */
  streams(response: StreamedResponse): void {
    if (!this.#isEnded) this.#stream ??= this.#series?.recordStream(this.started, response);
  }

  /** Records a chunk with output of the model. */
  output(now: number): void {
    this.#stream?.output(now);
  }

  end(outcome: Outcome, now: number): void {
    const series = this.#series;
    if (this.#isEnded || series === undefined) return;
    this.#isEnded = true;
    series.ended(Math.max(0, now - this.started) / 1_000);
    if (outcome.kind === 'failed') {
      const { errorType, isTimeout, reading } = outcome;
      if (this.#stream === undefined && reading !== undefined) {
        series.answered({ ...reading, errorType });
        return;
      }
      series.failed(errorType, isTimeout);
      this.#stream?.fail();
    } else if (this.#stream !== undefined) {
      if (outcome.kind === 'answered') this.#stream.finish(true, outcome.reading);
      else this.#stream.finish(false);
    } else if (outcome.kind === 'answered') {
      series.answered(outcome.reading);
    } else {
      series.cancelled();
    }
  }
}
