// A server for the tests of faults, in a process of its own: the real app on the real database, with storage that can be told to
// fail and a disk that can be told to be full. Run by tsx; asked over the channel to its parent (tests/faults/server.ts).
import pino from 'pino';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { ThreadConnection } from '../../server/storage/sqlite/connection.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import { makeBlock } from '../../shared/article/blocks.ts';
import type { Question } from './server.ts';
import { Faults } from './storage.ts';

// The limit of pages is a setting of the one connection to the database, which storage keeps to itself.
let thread: ThreadConnection | null = null;
const openThread = ThreadConnection.open;
ThreadConnection.open = async (...values) => {
  thread = await openThread.apply(ThreadConnection, values);
  return thread;
};

const faults = new Faults();
const logger = pino({ level: 'info', base: null }, pino.destination({ fd: 2, sync: true }));
const app = await startApp({
  config: { ...readConfig(process.env), demo: false, processMetrics: false },
  logger,
  sync: JSON.parse(process.env.KOPURO_TEST_SYNC ?? '{}'),
  openStorage: async (options) => faults.wrap(await openSqliteStorage(options)),
});

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'person': {
      const person = await app.people.add(question);
      const { token, info } = await app.identity.createToken(person.id, 'test');
      const session = await app.identity.startSession(person.id);
      return { id: person.id, tokenId: info.id, token, cookie: `kopuro_session=${session.secret}` };
    }
    case 'fault':
      for (const method of question.methods) faults.set(method, question.fault);
      return null;
    case 'heal':
      for (const method of question.methods) faults.heal(method);
      return null;
    case 'calls':
      return faults.calls(question.method);
    case 'disk': {
      const [rows] = await thread!.run([{ sql: 'PRAGMA page_count', parameters: [] }]);
      const pages = Number(rows?.[0]?.page_count);
      const most = question.pages === null ? 1_000_000_000 : pages + question.pages;
      await thread!.run([{ sql: `PRAGMA max_page_count = ${most}`, parameters: [] }]);
      return null;
    }
    case 'articles': {
      const input = {
        title: 'One of many',
        sourceLanguage: 'en',
        targetLanguages: ['ru', 'ky'],
        deadline: null,
        blocks: [makeBlock('', 'One paragraph to type in.')],
      };
      const create = () => app.commands.createArticle(input, { id: question.by });
      const made = await Promise.all(Array.from({ length: question.count }, create));
      return made.map(({ id }) => id);
    }
    case 'stats':
      return app.rooms.stats();
    case 'memory': {
      // Twice: what a first collection finds to finalise goes with the second.
      for (let round = 0; round < 2; round += 1) {
        globalThis.gc?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    }
    case 'log': {
      const { articleId } = question;
      const stored = await app.storage.log.load(articleId);
      if (stored === null) throw new Error(`there is no article ${articleId}`);
      const updates = stored.state ? [stored.state, ...stored.tail] : stored.tail;
      return {
        rows: await app.storage.log.rowInfos(articleId, { from: 1, to: stored.head }),
        updates: updates.map((update) => Buffer.from(update).toString('base64')),
      };
    }
  }
}

process.on('message', ({ number, question }: { number: number; question: Question }) => {
  answer(question).then(
    (value) => process.send?.({ number, value }),
    (error: unknown) => process.send?.({ number, error: String(error) }),
  );
});
// Whoever started it is gone without having ended it.
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => {
  app.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
