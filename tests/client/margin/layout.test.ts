// Cards in the margin: where they stand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CardBox, layoutCards, sortBoxes, visibleCards } from '../../../client/margin/layout.ts';

const GAP = 10;

const boxes = fc
  .array(fc.record({ ideal: fc.integer({ min: 0, max: 3_000 }), height: fc.integer({ min: 20, max: 400 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => sortBoxes(list.map((box, index) => ({ id: `c${index}`, ...box }))));

function topsInOrder(sorted: readonly CardBox[], active: string | null): number[] {
  const tops = layoutCards(sorted, { start: 0, gap: GAP, active });
  return sorted.map(({ id }) => tops.get(id)!);
}

describe('cards beside the text', () => {
  it('MARGIN-1 never lie over one another, and not above the margin’s start', () => {
    fc.assert(
      fc.property(boxes, fc.nat(), (sorted, choice) => {
        for (const active of [null, sorted[choice % sorted.length]!.id]) {
          const tops = topsInOrder(sorted, active);
          if (active === null) expect(tops[0]).toBeGreaterThanOrEqual(0);
          for (let index = 1; index < tops.length; index++) {
            expect(tops[index]).toBeGreaterThanOrEqual(tops[index - 1]! + sorted[index - 1]!.height + GAP);
          }
        }
      }),
    );
  });

  it('MARGIN-1 stand level with their words wherever there is room', () => {
    const sorted: CardBox[] = [
      { id: 'a', ideal: 40, height: 100 },
      { id: 'b', ideal: 300, height: 100 },
      { id: 'c', ideal: 320, height: 50 },
      { id: 'd', ideal: 900, height: 50 },
    ];
    expect(topsInOrder(sorted, null)).toEqual([40, 300, 410, 900]);
  });

  it('MARGIN-2 give way to the active one, which stands exactly level with its words', () => {
    fc.assert(
      fc.property(boxes, fc.nat(), (sorted, choice) => {
        const index = choice % sorted.length;
        const box = sorted[index]!;
        expect(topsInOrder(sorted, box.id)[index]).toBe(box.ideal);
      }),
    );
  });

  it('MARGIN-2 leaves a card alone that is not in the way', () => {
    const sorted: CardBox[] = [
      { id: 'a', ideal: 0, height: 50 },
      { id: 'b', ideal: 200, height: 100 },
      { id: 'c', ideal: 240, height: 100 },
      { id: 'd', ideal: 600, height: 100 },
    ];
    expect(topsInOrder(sorted, 'c')).toEqual([0, 130, 240, 600]);
  });

  it('MARGIN-3 are rendered only near the window', () => {
    const sorted = Array.from({ length: 2_000 }, (_, index) => ({ id: `c${index}`, ideal: index * 50, height: 40 }));
    const tops = layoutCards(sorted, { start: 0, gap: GAP, active: null });
    const visible = visibleCards(sorted, tops, 50_000, 50_500);
    expect(visible).toContain('c1000');
    expect(visible.length).toBeLessThan(13);
  });
});
