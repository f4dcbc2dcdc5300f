import { expect } from 'chai';
import { parseDocument, type YAMLError } from 'yaml';
import { syntaxAdvice } from '../../../lib/core/yaml/syntax-advice.js';

describe('syntaxAdvice', () => {
  const errorIn = (text: string): YAMLError => {
    const [error] = parseDocument(text, { prettyErrors: false }).errors;
    return error ?? expect.fail('the text is valid');
  };

  const cases: readonly (readonly [title: string, text: string, says: string])[] = [
    ['a line without a colon', 'hunter2\na: 1\n', 'a colon is missing on this line; write `key: value`'],
    ['a colon without a space', 'hunter2:1\na: 1\n', 'a colon is missing on this line; write `key: value`'],
    ['a last line without a colon', 'a: 1\nhunter2', 'a colon is missing on this line; write `key: value`'],
    ['a second colon', 'a: hunter2: b\n', 'put quotes around a value that contains a colon followed by a space'],
    ['a tab', 'a: 1\n\thunter2: 1\n', 'this line is indented with a tab; use spaces.'],
    ['keys in different columns', 'a:\n    b: hunter2\n  c: 2\n', 'the indentation is wrong'],
    ['a brace that is not closed', 'a: {b: hunter2\n', 'a { or [ is not closed'],
    ['a reserved character', 'a: @hunter2\n', 'a text cannot start with this character; put the text in quotes.'],
    ['an open quote', 'a: "hunter2\n', 'a quote is not closed; close it.'],
  ];
  for (const [title, text, says] of cases) {
    it(`explains ${title}, with and without secrets`, () => {
      const error = errorIn(text);
      expect(syntaxAdvice(error, false))
        .to.match(/^not valid YAML: .*\.$/)
        .and.contain(says);
      expect(syntaxAdvice(error, true)).to.equal(syntaxAdvice(error, false)).and.not.contain('hunter2');
    });
  }

  it('returns the message of the library for other errors, or only its code for a document with secrets', () => {
    const error = errorIn('a: "\\q"\n');
    expect(syntaxAdvice(error, false)).to.equal('not valid YAML: Invalid escape sequence \\q.');
    expect(syntaxAdvice(error, true)).to.equal('not valid YAML (BAD_DQ_ESCAPE).');
  });
});
