/** The colours of the current theme, from the style sheet. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** The background of panels. */
  readonly card: string;
  /** The colour of a heat map cell with the most requests. */
  readonly heat: string;
  /** The colours of the lines, in order. */
  readonly lines: readonly string[];
  /** The colours of the circuit breaker states: closed, half-open, open. */
  readonly states: readonly string[];
}

/**
 * Line styles, which distinguish lines without colour: dash and gap lengths in CSS pixels, and the border in the
 * legend.
 */
export const strokes = [
  { dash: [], border: 'solid' },
  { dash: [8, 4], border: 'dashed' },
  { dash: [2, 3], border: 'dotted' },
] as const;

/** Reads the current colours. */
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

/** Calls `onChange` whenever the system switches between light and dark. */
export function onThemeChange(onChange: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
}
