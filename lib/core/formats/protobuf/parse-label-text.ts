const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

/**
 * Parses the text of a series' labels: `a="1",b="2"`. A name can be quoted and escaped like a value: `"a.b"="1"`.
 *
 * The text must be valid. It is the `labelText` of a series.
 */
export function parseLabelText(text: string): [name: string, value: string][] {
  const labels: [string, string][] = [];
  let position = 0;
  const readQuoted = (): string => {
    let content = '';
    let start = position + 1;
    for (let index = start; ; index++) {
      const character = text[index];
      if (character === '\\') {
        content += text.slice(start, index) + (ESCAPED[text[index + 1] ?? ''] ?? '');
        index++;
        start = index + 1;
      } else if (character === '"' || character === undefined) {
        position = index + 1;
        return content + text.slice(start, index);
      }
    }
  };
  while (position < text.length) {
    let name: string;
    if (text[position] === '"') name = readQuoted();
    else {
      const end = text.indexOf('=', position);
      if (end < 0) break;
      name = text.slice(position, end);
      position = end;
    }
    position++;
    labels.push([name, readQuoted()]);
    position++;
  }
  return labels;
}
