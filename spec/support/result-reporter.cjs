// Mocha's reporter "spec". It also writes the result as JSON to the file in `--reporter-option file=…`.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

class ResultReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), file: test.file ?? '' }));
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      writeFileSync(options.reporterOption.file, JSON.stringify({ passed: passes, failed: failures, skipped }));
    });
  }
}

module.exports = ResultReporter;
