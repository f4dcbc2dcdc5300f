import type { ActiveTrace } from '../metrics/trace-context.js';
import type { ResponseReading } from '../providers/response-reader.js';
import type { StreamedResponse } from '../providers/streamed-response.js';
import { CallSeries, type StreamRecorder } from './call-series.js';

/** A request that began in a sampled span. Its exemplars refer to that span, even if the request ends outside it. */
export class TracedRequest extends CallSeries {
  constructor(
    private readonly request: CallSeries,
    private readonly trace: ActiveTrace,
  ) {
    super(request, request.options, request.collector);
  }

  override get isRequest(): boolean {
    return this.request.isRequest;
  }

  override timed(seconds: number): void {
    // If the stack overflows during this call, the call is repeated later. The exemplar may then be stored twice, which
    // has no further effect.
    this.collector.instruments.requestLatency.exemplify(this.duration, seconds, this.trace);
    super.timed(seconds);
  }

  override failed(errorType: string, isTimeout: boolean): void {
    this.request.failed(errorType, isTimeout);
  }

  override cancelled(): void {
    this.request.cancelled();
  }

  override succeeded(result: unknown): void {
    this.request.succeeded(result);
  }

  override answered(reading: ResponseReading): void {
    this.request.answered(reading);
  }

  override recordStream(started: number, response?: StreamedResponse): StreamRecorder {
    return this.request.recordStream(started, response);
  }
}
