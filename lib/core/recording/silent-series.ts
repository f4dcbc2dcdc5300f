import { getMetricsCollector } from '../collector/shared-collector.js';
import { silentInstruments } from '../collector/silent-instruments.js';
import { CallSeries } from './call-series.js';

/** The series of calls that begin while the metrics are disabled. They record nothing. */
export class SilentSeries extends CallSeries {
  static #shared: SilentSeries | undefined;

  private constructor() {
    const { requests, activeRequests, requestLatency } = silentInstruments();
    const bound = {
      calls: requests.series('', '', ''),
      active: activeRequests.series('', ''),
      duration: requestLatency.series('', ''),
    };
    super(bound, {}, getMetricsCollector());
  }

  /** The series of all such calls. */
  static shared(): SilentSeries {
    SilentSeries.#shared ??= new SilentSeries();
    return SilentSeries.#shared;
  }

  override failed(): void {}

  override cancelled(): void {}
}
