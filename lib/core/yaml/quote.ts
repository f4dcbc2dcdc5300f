/**
 * A text as a message shows it: in double quotes, on one line, cut where it gets long, and without the user and password
 * of a URL in it.
 */
export function quote(text: string): string {
  const shown = text.replace(/([a-z]:\/\/)\S*@/gi, '$1***@');
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}
