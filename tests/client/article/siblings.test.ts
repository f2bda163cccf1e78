// Several tabs of one person that share a local database: who sees to whose words when it has to be left.
import { describe, expect, it } from 'vitest';
import { type Channel, type Holding, joinSiblings } from '../../../client/article/siblings.ts';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';

/** Tabs whose messages wait until they are delivered, and whose time passes when it is told to. */
function browser() {
  const listeners = new Map<Channel, (message: unknown) => void>();
  let messages: (() => void)[] = [];
  let timers: (() => void)[] = [];
  const deliver = () => {
    while (messages.length > 0) {
      const now = messages;
      messages = [];
      for (const message of now) message();
    }
  };
  return {
    deliver,
    pass() {
      const now = timers;
      timers = [];
      for (const timer of now) timer();
    },
    open(tab: string, clientIds: number[], database = 'one') {
      const channel: Channel = {
        post(message) {
          for (const [other, listener] of listeners) {
            if (other !== channel) messages.push(() => listeners.has(other) && listener(structuredClone(message)));
          }
        },
        listen: (listener) => listeners.set(channel, listener),
        close: () => listeners.delete(channel),
      };
      const heard: ErrorCode[] = [];
      const holding: Holding & { leaving: boolean } = { clientIds: new Set(clientIds), leaving: false };
      const siblings = joinSiblings({
        channel,
        tab,
        holding: (name) => (name === database ? holding : null),
        onLeft: (reason) => heard.push(reason),
        later: (work) => timers.push(work),
      });
      return {
        heard,
        close: siblings.close,
        leave() {
          holding.leaving = true;
          return siblings.leave(database, 'not-allowed');
        },
      };
    },
  };
}

describe('tabs that share a local database', () => {
  it('OFFLINE-8 all leave it when one must; each sees to its own words, the first to those of closed tabs', async () => {
    const { open, deliver, pass } = browser();
    const refused = open('a', [1, 2]);
    const second = open('b', [3]);
    const elsewhere = open('c', [4], 'another');
    const first = refused.leave();
    deliver();
    expect([second.heard, elsewhere.heard]).toEqual([['not-allowed'], []]);
    const follows = second.leave();
    deliver();
    pass();
    expect(await first).toEqual({ others: new Set([3]), first: true });
    expect(await follows).toEqual({ others: new Set([1, 2]), first: false });
    expect(refused.heard).toEqual([]);
  });

  it('OFFLINE-8 of two that leave at the same moment one takes the words of closed tabs', async () => {
    const { open, deliver, pass } = browser();
    const tabs = [open('b', [1]), open('a', [2])];
    const claims = tabs.map((tab) => tab.leave());
    deliver();
    pass();
    expect(await Promise.all(claims)).toEqual([
      { others: new Set([2]), first: false },
      { others: new Set([1]), first: true },
    ]);
    expect(tabs.map(({ heard }) => heard)).toEqual([[], []]);
  });

  it('OFFLINE-8 a tab that is closed does not answer', async () => {
    const { open, deliver, pass } = browser();
    const refused = open('a', [1]);
    open('b', [2]).close();
    const claim = refused.leave();
    deliver();
    pass();
    expect(await claim).toEqual({ others: new Set(), first: true });
  });
});
