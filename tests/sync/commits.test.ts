// What only a log that can be stopped at will shows: rooms that are opened anew while commits of their predecessors are under
// way, readers that fall behind while more is typed than is committed, and how soon one commit follows another.
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ARTICLE,
  diskFull,
  EDITOR,
  type Engine,
  engine,
  firstText,
  MemoryClient,
  READER,
  RUSSIAN,
  until,
  words,
} from './harness.ts';

const engines: Engine[] = [];
const clients: MemoryClient[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.leave();
  for (const one of engines.splice(0)) {
    one.log.broken = null;
    one.log.release();
    await one.rooms.close();
  }
});

function start(given: Parameters<typeof engine>[0] = {}): Engine {
  const made = engine(given);
  engines.push(made);
  return made;
}

async function join(server: Engine, who: typeof EDITOR): Promise<MemoryClient> {
  const client = new MemoryClient(server, who);
  clients.push(client);
  await until(() => words(client.doc, 'en') !== '', 'the client is synced');
  return client;
}

describe('a room that is opened anew', () => {
  it('SYNC-50 waits for the commit of its predecessor that is under way', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'it has said what it holds');
    const { appends } = server.log;
    server.log.hold();
    firstText(author.doc, 'ru').insert(0, 'Под вопросом. ');
    await until(() => server.log.appends > appends, 'the commit is under way');
    await server.rooms.drop(ARTICLE);
    const reading = join(server, EDITOR);
    server.log.release();
    const reader = await reading;
    expect(words(reader.doc, 'ru')).toBe(words(server.log.replay(), 'ru'));
    expect(words(reader.doc, 'ru')).toBe('Под вопросом. Words in ru');
  });

  it('SYNC-50 finds a log to which nothing of its predecessor is added any more', async () => {
    const server = start({ options: { commitRetryMs: 30 } });
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'it has said what it holds');
    const { appends } = server.log;
    server.log.failures.push(diskFull());
    firstText(author.doc, 'ru').insert(0, 'Пропало. ');
    await until(() => server.log.appends > appends && server.log.failures.length === 0, 'the first attempt has failed');
    await server.rooms.drop(ARTICLE);
    const reader = await join(server, EDITOR);
    firstText(reader.doc, 'en').insert(0, 'After. ');
    await until(() => words(server.log.replay(), 'en').startsWith('After.'), 'later commits go on');
    expect(words(reader.doc, 'ru')).toBe('Words in ru');
    expect(words(server.log.replay(), 'ru')).toBe('Words in ru');
  });
});

describe('a reader that falls behind', () => {
  it('SYNC-51 while more is typed than is committed misses nothing', async () => {
    const server = start({ options: { slowReaderBytes: 300 } });
    const author = await join(server, RUSSIAN);
    const mover = await join(server, EDITOR);
    const slow = await join(server, READER);
    await until(() => author.saved === 1, 'it has said what it holds');
    server.log.hold();
    const { appends } = server.log;
    firstText(author.doc, 'ru').insert(0, 'a');
    await until(() => server.log.appends > appends, 'one commit is under way');
    firstText(author.doc, 'ru').insert(0, 'b'); // waits for the next one
    slow.pause();
    mover.awareness.setLocalState({ note: 'x'.repeat(400) });
    mover.sendPresence();
    await until(() => slow.buffered > 300, 'the reader has fallen behind');
    server.log.release();
    await until(() => author.saved === 3, 'all is committed');
    slow.resume();
    await until(() => words(slow.doc, 'ru') === 'baWords in ru', 'it has both');
    firstText(author.doc, 'ru').insert(0, 'c');
    await until(() => words(slow.doc, 'ru') === 'cbaWords in ru', 'it hears live updates');
  });
});

describe('a commit', () => {
  /** Turns of the event loop: whatever could happen without time going by has happened. */
  const turns = async () => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  };

  it('SYNC-54 begins at once after a while of quiet, and else waits a moment for what joins it', async () => {
    const server = start({ options: { commitIntervalMs: 100 } });
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'it has said what it holds');
    const { appends } = server.log;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const type = async (text: string) => {
      firstText(author.doc, 'ru').insert(0, text);
      await turns();
    };
    await type('1');
    expect(server.log.appends).toBe(appends + 1);
    expect(author.saved).toBe(2);
    await type('2');
    vi.advanceTimersByTime(99);
    await type('3');
    expect(server.log.appends).toBe(appends + 1);
    expect(author.saved).toBe(2);
    vi.advanceTimersByTime(1);
    await turns();
    expect(server.log.appends).toBe(appends + 2);
    expect(author.saved).toBe(4);
    vi.advanceTimersByTime(100);
    await type('4');
    expect(server.log.appends).toBe(appends + 3);
    expect(author.saved).toBe(5);
  });

  it('SYNC-54 waits for nothing if somebody waits for the outcome of a command, and takes along what was typed', async () => {
    const server = start({ options: { commitIntervalMs: 60_000 } });
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'it has said what it holds');
    firstText(author.doc, 'ru').insert(0, '1');
    await until(() => author.saved === 2, 'the first is saved at once');
    firstText(author.doc, 'ru').insert(0, '2');
    await turns();
    expect(author.saved).toBe(2);
    const command = (id: string) =>
      server.rooms.use(ARTICLE, (room) =>
        room.transact(null, () => null, { id, personId: RUSSIAN.id, result: () => null }),
      );
    await command('3b7d2f6e-0000-4000-8000-000000000001');
    expect(author.saved).toBe(3);
    // Two at once: the second is announced while the commit of the first is under way.
    const first = command('3b7d2f6e-0000-4000-8000-000000000002');
    await new Promise(setImmediate);
    await Promise.all([first, command('3b7d2f6e-0000-4000-8000-000000000003')]);
  });
});
