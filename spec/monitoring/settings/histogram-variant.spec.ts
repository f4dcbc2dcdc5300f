import { expect } from 'chai';
import { histogramVariant } from '../../../lib/monitoring/settings/histogram-variant.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

describe('histogramVariant', () => {
  it('is classic by default', () => {
    expect(histogramVariant(defaultSettings)).to.equal('classic');
    expect(histogramVariant({ ...defaultSettings, nativeHistograms: false })).to.equal('classic');
    expect(histogramVariant({ ...defaultSettings, nativeHistograms: true })).to.equal('native');
  });
});
