/** The page's colours, as its style sheet has them for the theme at hand. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** What panels stand on. */
  readonly card: string;
  /** Of a heat map's fullest cell. */
  readonly heat: string;
  /** Of lines, in their order. */
  readonly lines: readonly string[];
  /** Of a breaker that is closed, half-open and open. */
  readonly states: readonly string[];
}

/** How lines differ besides their colours: lengths of dashes and gaps, in CSS pixels, and the same for a legend. */
export const strokes = [
  { dash: [], border: 'solid' },
  { dash: [8, 4], border: 'dashed' },
  { dash: [2, 3], border: 'dotted' },
] as const;

/** Reads the colours that are in force now. */
export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'),
    muted: colour('muted'),
    grid: colour('border'),
    card: colour('card'),
    heat: colour('heat'),
    lines: [1, 2, 3, 4, 5].map((number) => colour(`line-${number}`)),
    states: ['closed', 'half-open', 'open'].map((state) => colour(state)),
  };
}

/** Calls back when the system changes from light to dark or back. */
export function onThemeChange(changed: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
