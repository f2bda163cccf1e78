// How many connections one person may have, and how quickly they may come; time is an argument. And how it feels in an engine.
import { afterEach, describe, expect, it } from 'vitest';
import { Admission } from '../../server/sync/admission.ts';
import { PersonBudgets } from '../../server/sync/rateLimit.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { EDITOR, type Engine, engine, MemoryClient, RUSSIAN, until } from './harness.ts';

describe('admission', () => {
  it('FLOW-8 counts what one person has in one article and in all, and forgets who has gone', () => {
    const joins = new PersonBudgets({ perSecond: 1, burst: 100 }, () => 0);
    const admission = new Admission({ joins, personConnections: 5, articleConnections: 3 });
    const enter = (person: string, article: string) => admission.enter(person, article)?.code ?? 'in';
    const { code } = CLOSE.tooManyConnections;
    expect([1, 2, 3, 4].map(() => enter('eva', 'a'))).toEqual(['in', 'in', 'in', code]);
    expect([1, 2, 3].map(() => enter('eva', 'b'))).toEqual(['in', 'in', code]);
    expect(enter('ada', 'a')).toBe('in');
    admission.leave('eva', 'a');
    expect([enter('eva', 'c'), enter('eva', 'a')]).toEqual(['in', code]);
    for (const article of ['a', 'a', 'b', 'b', 'c']) admission.leave('eva', article);
    expect([1, 2, 3, 4].map(() => enter('eva', 'a'))).toEqual(['in', 'in', 'in', code]);
  });

  it('FLOW-8 lets one person open so many at once and so many a second, refused ones included', () => {
    let now = 0;
    const joins = new PersonBudgets({ perSecond: 1, burst: 3 }, () => now);
    const admission = new Admission({ joins, personConnections: 2, articleConnections: 2 });
    const enter = (person: string) => admission.enter(person, 'a')?.code ?? 'in';
    const [many, fast] = [CLOSE.tooManyConnections.code, CLOSE.rateLimited.code];
    expect([1, 2, 3, 4].map(() => enter('eva'))).toEqual(['in', 'in', many, fast]);
    expect(enter('ada')).toBe('in');
    now = 1_000;
    expect([enter('eva'), enter('eva')]).toEqual([many, fast]);
    now = 60_000;
    admission.sweep();
    expect(joins.size).toBe(0);
  });
});

describe('a person with many connections', () => {
  const clients: MemoryClient[] = [];
  let server: Engine;
  afterEach(async () => {
    for (const client of clients.splice(0)) client.leave();
    await server.rooms.close();
  });

  it('FLOW-8 keeps those that are there; the newest is refused, and may come when another has gone, however that went', async () => {
    server = engine({ options: { articleConnections: 3 } });
    const join = (who = EDITOR) => {
      const client = new MemoryClient(server, who);
      clients.push(client);
      return client;
    };
    const [first, second, third, fourth] = [join(), join(), join(), join()] as [
      MemoryClient,
      MemoryClient,
      MemoryClient,
      MemoryClient,
    ];
    expect(fourth.closed).toEqual({ code: 4530, reason: 'too-many-connections' });
    const other = join(RUSSIAN);
    await until(() => [first, second, third, other].every(({ saved }) => saved === 1), 'the others are in');
    expect(server.rooms.stats().connections).toBe(4);
    first.leave();
    const fifth = join();
    await until(() => fifth.saved === 1, 'there is room for one more');
    expect([second, third, other].map(({ closed }) => closed)).toEqual([null, null, null]);
    second.leave();
    second.leave();
    expect([join().closed, join().closed]).toEqual([null, { code: 4530, reason: 'too-many-connections' }]);
  });
});
