// Mocha's own list, and its result as JSON in the file that `--reporter-option file=…` names.
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
