import { expect } from 'chai';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';

describe('the option nativeHistograms', () => {
  /** A meter with one histogram and one counter, and a histogram of the application in the same registry. */
  const create = () => {
    const registry = new SharedRegistry();
    const meter = new Meter(registry);
    meter.create({ kind: 'histogram', name: 'wait_seconds', help: 'Waits.', buckets: [1] });
    meter.create({ kind: 'counter', name: 'calls_total', help: 'Calls.' });
    const own = new Histogram({ name: 'lookup_seconds', help: 'Lookups.', registers: [registry] });
    return { registry, meter, own };
  };

  it('applies to histograms of the application', () => {
    const { meter, own } = create();
    meter.configure({ nativeHistograms: { lookup_seconds: { factor: 2 } } });
    expect(own.descriptor.native).to.include({ schema: 0, maxBuckets: 160 });
    meter.configure({ nativeHistograms: false });
    expect(own.descriptor.native).to.equal(undefined);
  });

  it('rejects names of other metrics', () => {
    const { meter } = create();
    for (const name of ['calls_total', 'unknown_seconds', 'toString']) {
      expect(() => meter.configure({ nativeHistograms: { [name]: true } })).to.throw(
        MetricsConfigurationError,
        `nativeHistograms contains "${name}"; expected the name of a histogram in the registry, or default.`,
      );
    }
  });

  it('rejects a change after the first observation, but not other options', () => {
    const { meter, own } = create();
    own.observe(1);
    expect(() => meter.configure({ nativeHistograms: true })).to.throw(
      MetricsConfigurationError,
      "nativeHistograms can't be changed, because lookup_seconds already has observations",
    );
    meter.configure({ maxSeriesPerMetric: 7 });
  });

  it('accepts the name of an excluded metric', () => {
    const { meter } = create();
    meter.configure({ exclude: ['wait_seconds'] });
    meter.configure({ nativeHistograms: { wait_seconds: true } });
  });

  it('checks names only in a configuration that contains it', () => {
    const { meter, registry } = create();
    meter.configure({ nativeHistograms: { lookup_seconds: true } });
    registry.removeSingleMetric('lookup_seconds');
    meter.configure({ maxSeriesPerMetric: 7 });
  });

  it('does not check names of the application that another thread has checked', () => {
    const { meter } = create();
    meter.configure({ nativeHistograms: { later_seconds: { factor: 2 } } }, { isInherited: true });
    meter.configure({ maxSeriesPerMetric: 7 });
  });
});
