// Which blocks stand beside one another. A row is a source block with its counterparts, in the order of the source; blocks
// that only translations have get rows of their own. Pure: it knows ids and nothing of heights or the DOM.

/** The ids of the rows, top to bottom, and for each text which of its blocks stand in a row of their id. */
export interface Rows {
  ids: readonly string[];
  /**
   * For every text, the block's index for each row, or -1 where it has none there. Ascending: a block that stands elsewhere than
   * the source has it gets a row of its own, named after the text.
   */
  blocks: readonly (readonly number[])[];
}

/** Lays texts out side by side; the first one is the source and sets the order. */
export function alignRows(texts: readonly (readonly string[])[]): Rows {
  const [source = [], ...targets] = texts;
  let ids: string[] = uniqueIds(source, '0');
  const columns: number[][] = [source.map((_, index) => index)];
  for (const [number, target] of targets.entries()) {
    const place = new Map(ids.map((id, index) => [id, index]));
    const inOrder = longestAscending(target.map((id) => place.get(id) ?? -1));
    const next: string[] = [];
    const named = new Set(place.keys());
    const moved = columns.map((): number[] => []);
    const own: number[] = [];
    let row = 0;
    const keepRows = (until: number) => {
      for (; row < until; row++) {
        next.push(ids[row]!);
        moved.forEach((column, index) => {
          column.push(columns[index]![row]!);
        });
        own.push(-1);
      }
    };
    target.forEach((id, index) => {
      if (inOrder.has(index)) {
        keepRows(place.get(id)! + 1);
        own[own.length - 1] = index;
      } else {
        next.push(named.has(id) || id === '' ? `${id}@${number + 1}.${index}` : id);
        named.add(id);
        for (const column of moved) column.push(-1);
        own.push(index);
      }
    });
    keepRows(ids.length);
    ids = next;
    columns.splice(0, columns.length, ...moved, own);
  }
  return { ids, blocks: columns };
}

function uniqueIds(ids: readonly string[], text: string): string[] {
  const seen = new Set<string>();
  return ids.map((id, index) => {
    if (id === '' || seen.has(id)) return `${id}@${text}.${index}`;
    seen.add(id);
    return id;
  });
}

/** Indexes of a longest strictly ascending run among the values that are not negative (patience sorting). */
export function longestAscending(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous = new Array<number>(values.length).fill(-1);
  values.forEach((value, index) => {
    if (value < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[index] = tails[low - 1]!;
    tails[low] = index;
  });
  const chosen = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index]!) chosen.add(index);
  return chosen;
}
