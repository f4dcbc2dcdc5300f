import { expect } from 'chai';
import { parseDocument, type YAMLError } from 'yaml';
import { syntaxAdvice } from '../../../lib/core/yaml/syntax-advice.js';

describe('syntaxAdvice', () => {
  const errorIn = (text: string): YAMLError => {
    const [error] = parseDocument(text, { prettyErrors: false }).errors;
    return error ?? expect.fail('the text is valid');
  };

  const cases: readonly (readonly [title: string, text: string, says: string])[] = [
    ['a line without a colon', 'hunter2\na: 1\n', 'no colon follows on this line; write `key: value`'],
    ['a colon without a space', 'hunter2:1\na: 1\n', 'no colon follows on this line; write `key: value`'],
    ['a last line without a colon', 'a: 1\nhunter2', 'no colon follows on this line; write `key: value`'],
    ['a second colon', 'a: hunter2: b\n', 'a value with a colon and a space in it goes in quotes'],
    ['a tab', 'a: 1\n\thunter2: 1\n', 'a tab indents this line; use spaces.'],
    ['keys that do not stand below each other', 'a:\n    b: hunter2\n  c: 2\n', 'keys of one map begin in one column'],
    ['a brace that is not closed', 'a: {b: hunter2\n', 'what { or [ opens is closed.'],
    ['a reserved character', 'a: @hunter2\n', 'no text begins with this character unless it stands in quotes.'],
    ['an open quote', 'a: "hunter2\n', 'a quote that was opened is not closed; close it.'],
  ];
  for (const [title, text, says] of cases) {
    it(`says what to write for ${title}, secret or not`, () => {
      const error = errorIn(text);
      expect(syntaxAdvice(error, false))
        .to.match(/^not valid YAML: .*\.$/)
        .and.contain(says);
      expect(syntaxAdvice(error, true)).to.equal(syntaxAdvice(error, false)).and.not.contain('hunter2');
    });
  }

  it('gives the words of the library for anything else, and but a code where they may quote secrets', () => {
    const error = errorIn('a: "\\q"\n');
    expect(syntaxAdvice(error, false)).to.equal('not valid YAML: Invalid escape sequence \\q.');
    expect(syntaxAdvice(error, true)).to.equal('not valid YAML (BAD_DQ_ESCAPE).');
  });
});
