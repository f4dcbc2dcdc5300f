/** Beginnings of a question that are not part of the computation. */
const openings = [
  'please',
  'hi',
  'hey',
  'hello',
  'so',
  '(?:can|could|would|will) you(?: please)?',
  '(?:tell|show|give) (?:me|us)',
  "i (?:want|need|would like|'d like) to know",
  'do you know',
  "what(?: is|'s|s| are|'re| was| does| do| would| will)?(?: (?:be|it))?",
  'how much (?:is|are|does|do)',
  'how (?:far|long|tall|high|heavy|big|fast|hot|warm|cold|old) (?:is|are)',
  'how many (?:is|are)(?= [\\d(])',
  'calculate',
  'compute',
  'evaluate',
  'solve',
  'work out',
  'figure out',
  'find(?: out)?',
  '(?:value|result|answer|solution) (?:of|to|for)',
  'result when you',
];

/** Endings of a question that are not part of the computation. */
const closings = [
  'please',
  'thanks',
  'thank you',
  'equals?',
  'equal to',
  '(?:is )?equal to what',
  'equals? what',
  'is what',
  'is',
  'make',
  '=',
];

const opening = new RegExp(`^(?:${openings.join('|')})(?![a-z])[:,]? *`, 'i');
const closing = new RegExp(`(?:^|[ ,]+|(?<=[\\d)=]))(?:${closings.join('|')})$`, 'i');

/** Removes polite phrases, question words, articles and the question mark from a question. */
export function withoutFraming(text: string): string {
  let current = text.replace(/\bthe\s/gi, '').trim();
  for (let before = ''; before !== current; ) {
    before = current;
    current = current
      .replace(/\?[?!. ]*$/, '')
      .replace(/[\s.,:;]+$/, '')
      .replace(closing, '')
      .replace(opening, '')
      .trim();
  }
  return current;
}
