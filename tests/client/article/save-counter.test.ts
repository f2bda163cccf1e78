// What the indicator counts: nothing is "saved" before the server's word for it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { updateKind } from '../../../client/article/counting-socket.ts';
import { SaveCounter } from '../../../client/article/save-counter.ts';

function connected(): SaveCounter {
  const counter = new SaveCounter();
  counter.opened();
  counter.sent('difference');
  return counter;
}

describe('SaveCounter', () => {
  it('OFFLINE-1 says saved only after the server has confirmed every message of this connection', () => {
    const counter = connected();
    expect(counter.saved).toBe(false);
    counter.acknowledged(1);
    expect(counter.saved).toBe(true);
    counter.changed();
    counter.sent('update');
    counter.changed();
    counter.sent('update');
    expect([counter.saved, counter.changes]).toEqual([false, 2]);
    counter.acknowledged(2);
    expect([counter.saved, counter.changes]).toEqual([false, 1]);
    counter.acknowledged(3);
    expect([counter.saved, counter.changes]).toEqual([true, 0]);
  });

  it('OFFLINE-1 is not saved before the server has asked what it lacks', () => {
    const counter = new SaveCounter();
    counter.opened();
    expect(counter.saved).toBe(false);
    counter.changed();
    counter.sent('update');
    counter.acknowledged(1);
    expect(counter.saved).toBe(false);
  });

  it('OFFLINE-2 keeps counting what was made offline until the answer that carries it is confirmed', () => {
    const counter = connected();
    counter.acknowledged(1);
    counter.closed();
    counter.changed();
    counter.changed();
    expect([counter.saved, counter.changes]).toEqual([false, 2]);
    counter.opened();
    counter.changed();
    counter.sent('update');
    counter.sent('difference');
    counter.acknowledged(1);
    expect(counter.changes).toBe(2);
    counter.acknowledged(2);
    expect([counter.saved, counter.changes]).toEqual([true, 0]);
  });

  it('OFFLINE-2 counts anew what was sent and not confirmed when a connection broke', () => {
    const counter = connected();
    counter.changed();
    counter.sent('update');
    counter.closed();
    counter.opened();
    counter.acknowledged(0);
    expect([counter.saved, counter.changes]).toEqual([false, 1]);
  });

  it('OFFLINE-2 adds the changes that an earlier visit left unsaved', () => {
    const counter = new SaveCounter();
    counter.changed();
    counter.restored(4);
    expect(counter.changes).toBe(5);
    counter.opened();
    counter.sent('difference');
    counter.acknowledged(1);
    expect([counter.saved, counter.changes]).toEqual([true, 0]);
  });

  it('OFFLINE-1 is saved exactly when a server that counts honestly has everything, whatever happens', () => {
    const step = fc.constantFrom('type', 'ask', 'acknowledge', 'cut');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const counter = new SaveCounter();
        let [made, messages, confirmed, stored] = [0, [] as number[], 0, 0];
        let isOpen = false;
        for (const what of steps) {
          if (what === 'type') {
            made += 1;
            counter.changed();
            if (isOpen && messages.length > 0) {
              messages.push(made);
              counter.sent('update');
            }
          } else if (what === 'ask') {
            if (!isOpen) {
              isOpen = true;
              messages = [];
              confirmed = 0;
              counter.opened();
            }
            messages.push(made);
            counter.sent('difference');
          } else if (what === 'acknowledge' && confirmed < messages.length) {
            stored = Math.max(stored, messages[confirmed]!);
            confirmed += 1;
            counter.acknowledged(confirmed);
          } else if (what === 'cut' && isOpen) {
            isOpen = false;
            counter.closed();
          }
          if (counter.saved) expect(stored).toBe(made);
          if (counter.changes === 0) expect(stored).toBe(made);
        }
      }),
    );
  });

  it('knows which messages carry an update', () => {
    expect(updateKind(new Uint8Array([0, 0, 1, 0]))).toBeNull();
    expect(updateKind(new Uint8Array([0, 1, 2, 0, 0]))).toBe('difference');
    expect(updateKind(new Uint8Array([0, 2, 2, 0, 0]))).toBe('update');
    expect(updateKind(new Uint8Array([1, 2]))).toBeNull();
  });
});
