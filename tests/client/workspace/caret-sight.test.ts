// How far a caret may go before its place must be read again.
import { describe, expect, it } from 'vitest';
import { roomOf } from '../../../client/workspace/editor/caret-sight.ts';

const SIGHT = { top: 100, bottom: 800 };
const caretAt = (top: number) => ({ top, bottom: top + 20 });

describe('roomOf', () => {
  it('EDIT-12 is largest in the middle and the same towards both edges', () => {
    expect(roomOf(caretAt(440), SIGHT)).toBeGreaterThan(roomOf(caretAt(300), SIGHT));
    expect(roomOf(caretAt(200), SIGHT)).toBe(roomOf(caretAt(680), SIGHT));
  });

  it('EDIT-12 ends before the caret could touch an edge, with a line to spare, and is none beyond it', () => {
    for (let top = 0; top <= 900; top += 10) {
      const free = Math.min(top - SIGHT.top, SIGHT.bottom - top - 20);
      const room = roomOf(caretAt(top), SIGHT);
      // Eight characters a line, each line twice as high as the caret, and one line more.
      if (room >= 0) expect((room / 8 + 1) * 40).toBeLessThanOrEqual(free);
      if (free < 40) expect(room).toBeLessThan(0);
    }
  });

  it('EDIT-12 is none where the sight is lower than a line', () => {
    expect(roomOf(caretAt(105), { top: 100, bottom: 130 })).toBeLessThan(0);
  });
});
