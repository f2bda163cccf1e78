// One process of a newsroom for the tests of clusters: the real app, started from its sources, that answers questions of its
// parent. Its clock may be wrong, as clocks are.
import pino from 'pino';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Question } from './newsroom.ts';

const skew = Number(process.env.KOPURO_TEST_SKEW ?? 0);
if (skew !== 0) {
  const { now } = Date;
  Date.now = () => now() + skew;
}
const logger = pino({ level: 'info', base: null }, pino.destination({ fd: 2, sync: true }));
const app = await startApp({
  config: {
    ...readConfig(process.env),
    demo: false,
    processMetrics: false,
    // A test asks more in a minute than a person does.
    limits: {
      ...{ api: 1e6, imports: 1e6, signIn: 1e6, commands: 1e6 },
      ...JSON.parse(process.env.KOPURO_TEST_LIMITS ?? '{}'),
    },
  },
  logger,
  sync: JSON.parse(process.env.KOPURO_TEST_SYNC ?? '{}'),
});

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'person': {
      const person = await app.people.add(question);
      const { token, info } = await app.identity.createToken(person.id, 'test');
      const session = await app.identity.startSession(person.id);
      return { id: person.id, tokenId: info.id, token, cookie: `kopuro_session=${session.secret}` };
    }
    case 'head': {
      const stored = await app.storage.log.load(question.articleId);
      return stored?.head ?? null;
    }
    case 'verify':
      return (await app.storage.archive.verify(question.articleId)).damaged;
    case 'rooms':
      return app.rooms.stats().rooms;
    case 'now':
      return app.now();
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return user + system;
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
