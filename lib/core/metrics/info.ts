import { WRITES_CELL } from './cells.js';
import { Instrument } from './instrument.js';
import { Series } from './series.js';

/** Facts in labels, with the constant value 1. */
export class InfoSeries extends Series {
  /** Exposes the facts. */
  show(): void {
    this.page[this.offset] = 1;
    this.page[WRITES_CELL]! += 1;
  }

  /** Does nothing: a reset doesn't change facts. */
  override reset(): void {}
}

class NoInfoSeries extends InfoSeries {
  override show(): void {}
}

/** A metric whose series contain facts. */
export class Info<Labels extends readonly string[] = readonly string[]> extends Instrument<InfoSeries, Labels> {
  protected readonly seriesClass = InfoSeries;
  protected readonly noopClass = NoInfoSeries;
}
