// The colours of people: twelve that are told apart and readable on light and on dark paper (contrast at least 3 to 1 on both).

export const PERSON_COLORS = [
  '#3b7dd8',
  '#c2564b',
  '#3d8b4f',
  '#9457d6',
  '#b3690f',
  '#0e8a8f',
  '#c04b9a',
  '#6a6fe0',
  '#7d7a1c',
  '#a8596d',
  '#4f7f9e',
  '#8a6f52',
] as const;

/** The colour that fewest of the others have; of equal ones the first. */
export function pickColor(taken: readonly string[]): string {
  let best: string = PERSON_COLORS[0];
  let fewest = Number.POSITIVE_INFINITY;
  for (const color of PERSON_COLORS) {
    const count = taken.filter((other) => other === color).length;
    if (count < fewest) [best, fewest] = [color, count];
  }
  return best;
}
