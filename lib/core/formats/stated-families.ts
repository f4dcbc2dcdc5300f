import type { Named } from './foreign-types.js';
import { unquoteName } from './read-label-text.js';

const TYPE_LINE = Buffer.from('# TYPE ');
const LINE_FEED = 10;

/** Returns the metrics of an OpenMetrics text, according to its `# TYPE` lines, with their names in the text format. */
export function statedFamilies(text: Buffer): Named[] {
  const families: Named[] = [];
  for (let start = text.indexOf(TYPE_LINE); start >= 0; start = text.indexOf(TYPE_LINE, start + 1)) {
    if (start > 0 && text[start - 1] !== LINE_FEED) continue;
    const end = text.indexOf(LINE_FEED, start);
    const line = text.toString('utf8', start + TYPE_LINE.length, end < 0 ? text.length : end);
    const space = line.lastIndexOf(' ');
    const [name, type] = [unquoteName(line.slice(0, space)), line.slice(space + 1)];
    families.push({ name: type === 'counter' ? `${name}_total` : name, type });
  }
  return families;
}
