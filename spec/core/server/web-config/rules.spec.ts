import { expect } from 'chai';
import {
  anything,
  filePath,
  listOf,
  mapOf,
  oneOf,
  type Rule,
  yesOrNo,
} from '../../../../lib/core/server/web-config/rules.js';

describe('rules of a web configuration', () => {
  const messages = (rule: Rule, value: unknown, path: readonly PropertyKey[] = ['key']) =>
    rule({ value, path }).map(({ message }) => message);
  const map = mapOf({ name: filePath, kind: oneOf(['ask', 'verify']), more: anything }, ['name']);

  const cases: readonly [title: string, rule: Rule, value: unknown, expected: readonly string[]][] = [
    ['accepts anything', anything, null, []],
    ['accepts true', yesOrNo, true, []],
    ['rejects the text "yes" instead of true', yesOrNo, 'yes', ['key is a text; expected true or false.']],
    ['accepts a path', filePath, 'server.pem', []],
    ['rejects a number as a path', filePath, 1, ['key is a number; expected a text.']],
    ['rejects an empty path', filePath, '', ['key is an empty text; expected the path of a file.']],
    ['rejects a missing path', filePath, undefined, ['key is missing; expected a text.']],
    ['accepts one of several words', oneOf(['ask', 'verify']), 'ask', []],
    [
      'rejects another word, with a suggestion',
      oneOf(['ask', 'verify']),
      'verfy',
      ['key is "verfy"; expected ask or verify. Did you mean "verify"?'],
    ],
    ['rejects true instead of false', oneOf([false]), true, ['key is true; expected false.']],
    ['accepts an empty list', listOf(yesOrNo), [], []],
    ['rejects a map as a list', listOf(yesOrNo), {}, ['key is an empty map; expected a list.']],
    ['names the item of a list', listOf(yesOrNo), [true, 1], ['key[1] is a number; expected true or false.']],
    ['accepts a map', map, { name: 'a', kind: 'ask', more: [] }, []],
    ['accepts a map without its optional keys', map, { name: 'a' }, []],
    ['rejects a list as a map', map, [1], ['key is a list; expected a map.']],
    ['rejects a map without a required key', map, {}, ['key.name is missing; expected a text.']],
    ['rejects an empty optional key', map, { name: 'a', kind: null }, ['key.kind is empty; expected ask or verify.']],
    [
      'rejects an unknown key after the other problems',
      map,
      { nmae: 'a', constructor: 1 },
      [
        'key.name is missing; expected a text.',
        'key: unknown key "nmae"; expected name, kind, more. Did you mean "name"?',
      ],
    ],
  ];
  for (const [title, rule, value, expected] of cases) {
    it(title, () => {
      expect(messages(rule, value)).to.deep.equal(expected);
    });
  }

  it('calls the whole document the web configuration', () => {
    expect(messages(map, 'hunter2', [])).to.deep.equal(['the web configuration is a text; expected a map.']);
  });

  it('places an unknown key at the key itself', () => {
    const [problem] = map({ value: { name: 'a', other: 1 }, path: ['section'] });
    expect(problem).to.deep.include({ path: ['section', 'other'], atKey: true });
  });
});
