// Where the cards of the margin stand: each as near to its words as the others let it, none over another, the active one
// exactly at its place. Pure arithmetic in px; it knows nothing of the DOM.

export interface CardBox {
  id: string;
  /** Where the card would stand if it were alone. */
  ideal: number;
  height: number;
}

export interface LayoutOptions {
  /** No card begins above this, unless the active one needs its room. */
  start: number;
  gap: number;
  active: string | null;
}

/** Order of cards beside the text: by place, and equal places by the order in which they were given. */
export function sortBoxes(boxes: readonly CardBox[]): CardBox[] {
  return [...boxes].sort((a, b) => a.ideal - b.ideal);
}

/**
 * Tops of sorted cards. Cards before the active one give way upwards, out of sight if there is no room, those after it
 * downwards.
 */
export function layoutCards(boxes: readonly CardBox[], options: LayoutOptions): Map<string, number> {
  const { start, gap } = options;
  const tops = new Float64Array(boxes.length);
  const active = options.active === null ? -1 : boxes.findIndex((box) => box.id === options.active);
  let free = start;
  boxes.forEach((box, index) => {
    tops[index] = Math.max(box.ideal, index === active ? start : free);
    free = tops[index]! + box.height + gap;
  });
  for (let index = active - 1; index >= 0; index--) {
    const top = Math.min(tops[index]!, tops[index + 1]! - gap - boxes[index]!.height);
    if (top === tops[index]) break; // this one did not have to move, so those above did not either
    tops[index] = top;
  }
  return new Map(boxes.map((box, index) => [box.id, tops[index]!]));
}

/** The cards that touch the stretch from `top` to `bottom`. */
export function visibleCards(
  boxes: readonly CardBox[],
  tops: ReadonlyMap<string, number>,
  top: number,
  bottom: number,
): string[] {
  return boxes
    .filter((box) => tops.get(box.id)! + box.height >= top && tops.get(box.id)! <= bottom)
    .map((box) => box.id);
}
