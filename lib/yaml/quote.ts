/** A text as a message shows it: in double quotes, on one line, and cut where it gets long. */
export function quote(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return JSON.stringify(cut);
}
