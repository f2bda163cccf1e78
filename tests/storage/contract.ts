// What every storage engine must do; run by one test file per engine.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewArticle, Storage } from '../../server/storage/types.ts';
import { type Condition, conditionsOf, NO_FILTER } from '../../shared/desk/finding.ts';
import type { ArticleSummary, Notification } from '../../shared/protocol/rest.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

export function newArticle(id: string, given: Partial<NewArticle> = {}): NewArticle {
  const summary: ArticleSummary = {
    id,
    title: `Title of ${id}`,
    sourceLanguage: 'en',
    targetLanguages: ['ru', 'ky'],
    deadline: null,
    createdAt: 1_000,
    changedAt: 1_000,
    createdBy: { id: 'p', name: 'P' },
    progress: [],
    open: { language: 0, claim: 0, comment: 0 },
    unverifiedClaims: 0,
    words: 3,
  };
  return {
    id,
    title: summary.title,
    sourceLanguage: 'en',
    targetLanguages: ['ru', 'ky'],
    deadline: null,
    createdBy: 'p',
    createdAt: 1_000,
    update: bytes(1, 2, 3),
    summary,
    ...given,
  };
}

/** `open` answers with an empty storage. Ids differ between the tests, so that all may share it. */
export function storageContract(engine: string, open: () => Promise<Storage>): void {
  describe(`storage: ${engine}`, () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    const entry = (articleId: string, update: Uint8Array, personId: string | null = 'p') => ({
      articleId,
      personId,
      at: 5_000,
      update,
    });

    describe('the log', () => {
      it('STORE-1 begins with an article and its first row at once, and refuses the same id again', async () => {
        expect(await storage.articles.create(newArticle('log-1'))).toBe(true);
        expect(await storage.articles.create(newArticle('log-1', { update: bytes(9) }))).toBe(false);
        expect(await storage.log.load('log-1')).toEqual({
          seq: 0,
          state: null,
          stateVector: null,
          places: null,
          tail: [bytes(1, 2, 3)],
          head: 1,
          languages: ['en', 'ru', 'ky'],
        });
        expect(await storage.log.load('nowhere')).toBeNull();
      });

      it('STORE-2 appends rows of several articles in one transaction and numbers them per article', async () => {
        await storage.articles.create(newArticle('log-2a'));
        await storage.articles.create(newArticle('log-2b'));
        const { heads } = await storage.log.append([
          entry('log-2a', bytes(1)),
          entry('log-2b', bytes(2), null),
          entry('log-2a', bytes(3)),
        ]);
        expect(heads).toEqual(
          new Map([
            ['log-2a', 3],
            ['log-2b', 2],
          ]),
        );
        expect(await storage.log.load('log-2a')).toMatchObject({ tail: [bytes(1, 2, 3), bytes(1), bytes(3)] });
        expect(await storage.archive.history('log-2b')).toEqual([
          { from: 1, to: 1, personId: 'p', at: 1_000, until: 1_000, bytes: 3 },
          { from: 2, to: 2, personId: null, at: 5_000, until: 5_000, bytes: 1 },
        ]);
        expect(await storage.archive.history('log-2a', { from: 2, to: 2 })).toMatchObject([{ from: 2 }]);
      });

      it('STORE-3 stores nothing of an append that fails', async () => {
        await storage.articles.create(newArticle('log-3'));
        const failing = storage.log.append([entry('log-3', bytes(1)), entry('nowhere', bytes(2))]);
        await expect(failing).rejects.toMatchObject({ code: 'reference' });
        expect(await storage.log.load('log-3')).toMatchObject({ head: 1, tail: [bytes(1, 2, 3)] });
      });

      it('STORE-4 keeps commands with the rows that they made, and refuses one twice', async () => {
        await storage.articles.create(newArticle('log-4'));
        const command = { id: 'command-4', articleId: 'log-4', personId: 'p', at: 7, result: '{"a":1}' };
        await storage.log.append([entry('log-4', bytes(1))], [command]);
        expect(await storage.log.findCommand('command-4')).toEqual(command);
        expect(await storage.log.findCommand('nothing')).toBeNull();
        await expect(storage.log.append([entry('log-4', bytes(2))], [command])).rejects.toMatchObject({
          code: 'exists',
        });
        expect(await storage.log.load('log-4')).toMatchObject({ head: 2 });
        await storage.log.append([], [{ ...command, id: 'command-4b' }]);
        expect(await storage.log.findCommand('command-4b')).not.toBeNull();
      });

      it('STORE-33 refuses an article whose log is not where its room believes it, and stores the others', async () => {
        for (const id of ['log-32a', 'log-32b', 'log-32c']) await storage.articles.create(newArticle(id));
        await storage.log.append([entry('log-32a', bytes(7))]);
        const commandOf = (articleId: string) => ({
          id: `command-of-${articleId}`,
          articleId,
          personId: 'p',
          at: 7,
          result: '{}',
        });
        const entries = [
          { ...entry('log-32a', bytes(1)), clients: [9] },
          entry('log-32b', bytes(2)),
          entry('log-32b', bytes(3)),
          entry('log-32c', bytes(4)),
        ];
        const commands = [commandOf('log-32a'), commandOf('log-32b')];
        const after = new Map([
          ['log-32a', 1],
          ['log-32b', 1],
        ]);
        expect(await storage.log.append(entries, commands, after)).toEqual({
          heads: new Map([
            ['log-32b', 3],
            ['log-32c', 2],
          ]),
          refused: new Map([['log-32a', { code: 'conflict', head: 2 }]]),
        });
        expect(await storage.log.load('log-32a')).toMatchObject({ head: 2, tail: [bytes(1, 2, 3), bytes(7)] });
        expect(await storage.log.clientIds('log-32a')).toEqual(new Map());
        expect(await storage.log.findCommand('command-of-log-32a')).toBeNull();
        expect(await storage.log.findCommand('command-of-log-32b')).not.toBeNull();
        // A log that lost rows is as far from what its room believes as one that has more.
        const ahead = await storage.log.append([entry('log-32b', bytes(5))], [], new Map([['log-32b', 4]]));
        expect(ahead.refused).toEqual(new Map([['log-32b', { code: 'conflict', head: 3 }]]));
      });

      it('STORE-33 refuses the outcome of a command without rows just the same', async () => {
        await storage.articles.create(newArticle('log-32d'));
        const command = { id: 'command-32d', articleId: 'log-32d', personId: 'p', at: 7, result: '{}' };
        const late = await storage.log.append([], [command], new Map([['log-32d', 0]]));
        expect(late.refused).toEqual(new Map([['log-32d', { code: 'conflict', head: 1 }]]));
        expect(await storage.log.findCommand('command-32d')).toBeNull();
        expect(await storage.log.append([], [command], new Map([['log-32d', 1]]))).toEqual({
          heads: new Map(),
          refused: new Map(),
        });
        expect(await storage.log.findCommand('command-32d')).toEqual(command);
      });

      it('STORE-6 gives a client id to whoever uses it first', async () => {
        await storage.articles.create(newArticle('log-6'));
        const big = 2 ** 32 - 1;
        const lease = { articleId: 'log-6', clientId: big };
        await storage.log.recordLeases([{ ...lease, personId: 'ann' }]);
        await storage.log.recordLeases([
          { ...lease, personId: 'ben' },
          { ...lease, clientId: 7, personId: 'ben' },
        ]);
        const claims = (clients: number[]) => storage.log.append([{ ...entry('log-6', bytes(1), 'ben'), clients }]);
        expect((await claims([5, big])).refused).toEqual(new Map([['log-6', { code: 'foreign-client' }]]));
        expect((await storage.log.load('log-6'))!.head).toBe(1);
        expect((await claims([5])).refused).toEqual(new Map());
        expect(await storage.log.clientIds('log-6')).toEqual(
          new Map([
            [5, 'ben'],
            [7, 'ben'],
            [big, 'ann'],
          ]),
        );
      });

      it('STORE-37 tells which rows came after another one, and where logs end', async () => {
        await storage.articles.create(newArticle('log-37'));
        for (const value of [1, 2, 3]) await storage.log.append([entry('log-37', bytes(value))]);
        const after = await storage.log.rowsAfter('log-37', 2);
        expect(after!.map(({ seq, update }) => [seq, update[0]])).toEqual([
          [3, 2],
          [4, 3],
        ]);
        expect(await storage.log.rowsAfter('log-37', 4)).toEqual([]);
        expect(await storage.log.rowsAfter('log-none', 0)).toBeNull();
        expect(await storage.log.heads(['log-37', 'log-none'])).toEqual(new Map([['log-37', { head: 4, epoch: 1 }]]));
        expect(await storage.log.heads([])).toEqual(new Map());
      });

      it('STORE-38 lets one piece of exclusive work after the other at an article, whatever becomes of it', async () => {
        const steps: string[] = [];
        const work = (name: string, fails: boolean) =>
          storage.log.exclusively('log-38', async ({ isHeld }) => {
            steps.push(`${name} begins`);
            expect(await isHeld()).toBe(true);
            await new Promise((resolve) => setTimeout(resolve, 5));
            steps.push(`${name} ends`);
            if (fails) throw new Error(name);
            return name;
          });
        const outcomes = await Promise.allSettled([work('one', false), work('two', true), work('three', false)]);
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(steps.map((step) => step.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
      });

      it('STORE-7 gives back a document of megabytes byte for byte', async () => {
        const update = new Uint8Array(5_000_000).map((_, index) => (index * 7) % 256);
        await storage.articles.create(newArticle('log-7', { update }));
        const stored = await storage.log.load('log-7');
        expect(Buffer.compare(stored!.tail[0]!, update)).toBe(0);
      });
    });

    describe('articles', () => {
      it('STORE-8 lists summaries, newest change first, and forgets all of a removed article', async () => {
        await storage.articles.create(newArticle('art-a'));
        await storage.articles.create(newArticle('art-b'));
        const summary = (await storage.articles.summary('art-a'))!;
        await storage.articles.saveSummaries([{ ...summary, title: 'Ала-Тоо', changedAt: 99_999, words: 12 }]);
        const { articles } = await storage.articles.page(10);
        expect(articles[0]).toMatchObject({ id: 'art-a', title: 'Ала-Тоо', words: 12 });
        expect(await storage.articles.epoch('art-a')).toBe(1);
        await storage.people.create({
          id: 'art-p',
          name: 'P',
          role: 'reader',
          languages: [],
          color: '#1',
          createdAt: 1,
        });
        await storage.articles.setStanding('art-a', 'art-p', { role: 'translator', languages: ['ky'] });
        await storage.articles.remove('art-a');
        expect(await storage.articles.summary('art-a')).toBeNull();
        expect(await storage.log.load('art-a')).toBeNull();
        expect(await storage.archive.history('art-a')).toEqual([]);
        expect(await storage.articles.standing('art-a', 'art-p')).toBeNull();
        expect(await storage.articles.summary('art-b')).not.toBeNull();
      });

      it('STORE-40 saves the figures of several articles together, and says which of them exist', async () => {
        const ids = ['figures-b', 'figures-a', 'figures-c'];
        for (const id of ids) await storage.articles.create(newArticle(id));
        await storage.articles.remove('figures-c');
        const summaries = ids.map((id, index) => ({ ...newArticle(id).summary, id, words: 100 + index }));
        expect([...(await storage.articles.saveSummaries(summaries))].sort()).toEqual(['figures-a', 'figures-b']);
        expect((await storage.articles.summary('figures-b'))?.words).toBe(100);
        expect((await storage.articles.summary('figures-a'))?.words).toBe(101);
        expect(await storage.articles.summary('figures-c')).toBeNull();
      });

      it('STORE-34 lists articles page by page, each once, with their ids beside', async () => {
        for (let made = 0; made < 7; made += 1) {
          const id = `page-${made}`;
          const summary = { ...newArticle(id).summary, changedAt: 200_000 + Math.floor(made / 3) };
          await storage.articles.create(newArticle(id, { summary }));
        }
        const pages: string[][] = [];
        let cursor: string | undefined;
        do {
          const page = await storage.articles.page(3, cursor);
          pages.push(page.articles.map(({ id }) => id));
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        const listed = pages.flat();
        expect(listed.slice(0, 7)).toEqual([6, 5, 4, 3, 2, 1, 0].map((made) => `page-${made}`));
        expect(pages.every((page, index) => page.length === 3 || index === pages.length - 1)).toBe(true);
        expect([...listed].sort()).toEqual((await storage.articles.ids()).sort());
        expect(new Set(listed).size).toBe(listed.length);
        expect((await storage.articles.page(1, 'nonsense')).articles[0]).toMatchObject({ id: 'page-6' });
      });

      it('STORE-44 finds articles by the words that their headlines begin with and by marks, and follows what changes', async () => {
        const { articles } = storage;
        const make = (id: string, title: string, change: Partial<ArticleSummary> = {}) =>
          articles.create(newArticle(id, { summary: { ...newArticle(id).summary, title, ...change } }));
        await make('find-1', 'Өкмөт: Ала-Тоонун ЁЛКАСЫ', { changedAt: 300_001 });
        await make('find-2', 'Ала-тоо «өкмөтү»', { changedAt: 300_002, targetLanguages: ['ru', 'ky', 'x-find'] });
        await make('find-3', 'Ала көл', { changedAt: 300_003, createdBy: { id: 'find-p', name: 'Жаңыл Ө.' } });
        const find = async (...conditions: Condition[]) => {
          const { articles: found, next, total } = await articles.page(50, undefined, conditions);
          expect([next, total]).toEqual([null, found.length]);
          return found.map(({ id }) => id);
        };
        const typed = (search: string) => conditionsOf({ ...NO_FILTER, search }, { id: '', languages: [] });
        expect(await find(...typed('өкм'))).toEqual(['find-2', 'find-1']);
        expect(await find(...typed('ӨКМӨТ АЛА'))).toEqual(['find-2', 'find-1']);
        expect(await find(...typed('ала елка'))).toEqual(['find-1']);
        expect(await find(...typed('тоонун'))).toEqual(['find-1']);
        expect(await find(...typed('кмөт'))).toEqual([]);
        expect(await find(...typed('жаңыл көл'))).toEqual(['find-3']);
        expect(await find({ anyOf: [':language=x-find'] })).toEqual(['find-2']);
        expect(await find({ anyOf: [':language=x-find', ':maker=find-p'] })).toEqual(['find-3', 'find-2']);
        expect(await find(...typed('өкмөт'), { anyOf: [':maker=find-p'] })).toEqual([]);
        expect(await articles.languages()).toEqual(expect.arrayContaining(['en', 'ky', 'ru', 'x-find']));

        const [first, second] = [await articles.page(1, undefined, typed('өкм')), typed('өкм')];
        expect(first).toMatchObject({ articles: [{ id: 'find-2' }], total: 2 });
        expect(await articles.page(1, first.next!, second)).toMatchObject({ articles: [{ id: 'find-1' }], next: null });

        const changed = (await articles.summary('find-2'))!;
        await articles.saveSummaries([
          { ...changed, title: 'Башка сөз', targetLanguages: ['ru'], unverifiedClaims: 1 },
        ]);
        expect(await find(...typed('өкм'))).toEqual(['find-1']);
        expect(await find(...typed('башка'), { anyOf: [':state=claims'] })).toEqual(['find-2']);
        expect(await find({ anyOf: [':language=x-find'] })).toEqual([]);
        await articles.remove('find-1');
        expect(await find(...typed('өкм'))).toEqual([]);
      });

      it('STORE-39 finds who is behind a credential and what an article gives them, with one question', async () => {
        const { people, articles } = storage;
        await articles.create(newArticle('rights'));
        const newcomer = { name: 'R', role: 'translator' as const, languages: ['ru'], color: '#1', createdAt: 1 };
        await people.create({ ...newcomer, id: 'right-1' });
        await people.create({ ...newcomer, id: 'right-2', role: 'reader', languages: [] });
        await people.createSession({ hash: 'right-s', personId: 'right-1', createdAt: 1, expiresAt: 100 });
        const name = 'A script';
        await people.createToken({ id: 'right-t', hash: 'right-h', personId: 'right-2', name, createdAt: 1 });
        const bySession = (now = 50) => people.findRights({ kind: 'session', hash: 'right-s' }, 'rights', now);
        const byToken = (hash = 'right-h') => people.findRights({ kind: 'token', hash }, 'rights', 50);

        expect(await bySession()).toEqual({ person: await people.find('right-1'), standing: null });
        expect(await byToken()).toEqual({ person: await people.find('right-2'), standing: null });
        await articles.setStanding('rights', 'right-1', { role: 'reader', languages: [] });
        expect(await bySession()).toEqual({
          person: await people.find('right-1'),
          standing: { role: 'reader', languages: [] },
        });
        expect(await byToken()).toMatchObject({ standing: null });
        const elsewhere = await people.findRights({ kind: 'session', hash: 'right-s' }, 'another', 50);
        expect(elsewhere).toMatchObject({ standing: null });

        expect(await bySession(100)).toBeNull();
        expect(await byToken('right-s')).toBeNull(); // a session is no token
        await people.change('right-2', { removedAt: 60 });
        expect(await byToken()).toBeNull();
        await people.endSession('right-s');
        expect(await bySession()).toBeNull();
      });

      it('STORE-9 keeps the standing that one article gives', async () => {
        await storage.articles.create(newArticle('art-c'));
        await storage.people.create({ id: 'std', name: 'S', role: 'reader', languages: [], color: '#1', createdAt: 1 });
        expect(await storage.articles.standing('art-c', 'std')).toBeNull();
        await storage.articles.setStanding('art-c', 'std', { role: 'translator', languages: ['ru', 'ky'] });
        await storage.articles.setStanding('art-c', 'std', { role: 'translator', languages: ['ky'] });
        expect(await storage.articles.standing('art-c', 'std')).toEqual({ role: 'translator', languages: ['ky'] });
        expect([...(await storage.articles.standings('art-c')).keys()]).toEqual(['std']);
        await storage.articles.setStanding('art-c', 'std', null);
        expect(await storage.articles.standing('art-c', 'std')).toBeNull();
      });
    });

    describe('people', () => {
      const make = (id: string) =>
        storage.people.create({
          id,
          name: 'Айгүл',
          role: 'translator',
          languages: ['ky'],
          color: '#123456',
          createdAt: 3,
        });

      it('STORE-11 keeps people, changes only what is given, and lists the removed ones too', async () => {
        await make('pp-1');
        const before = await storage.people.find('pp-1');
        expect(before).toEqual({
          id: 'pp-1',
          name: 'Айгүл',
          role: 'translator',
          languages: ['ky'],
          color: '#123456',
          createdAt: 3,
          lastSeenAt: null,
          removedAt: null,
        });
        await storage.people.change('pp-1', { role: 'editor', languages: [] });
        await storage.people.change('pp-1', { removedAt: 44 });
        await storage.people.change('pp-1', {});
        expect(await storage.people.find('pp-1')).toEqual({ ...before, role: 'editor', languages: [], removedAt: 44 });
        expect((await storage.people.list()).map((one) => one.id)).toContain('pp-1');
        expect(await storage.people.find('nobody')).toBeNull();
        expect(await storage.people.names(['pp-1', 'nobody'])).toEqual(new Map([['pp-1', 'Айгүл']]));
        const isEditor = async () => (await storage.people.editors()).some(({ id }) => id === 'pp-1');
        expect(await isEditor()).toBe(false);
        await storage.people.change('pp-1', { removedAt: null });
        expect(await isEditor()).toBe(true);
      });

      it('STORE-12 knows sessions until they expire, are ended, or their person is removed', async () => {
        await make('pp-2');
        const session = (hash: string) => ({ hash, personId: 'pp-2', createdAt: 1, expiresAt: 100 });
        for (const hash of ['h1', 'h2', 'h3']) await storage.people.createSession(session(hash));
        expect(await storage.people.findSession('h1', 99)).toMatchObject({ person: { id: 'pp-2' }, expiresAt: 100 });
        expect(await storage.people.findSession('h1', 100)).toBeNull();
        await storage.people.extendSession('h1', 200);
        expect(await storage.people.findSession('h1', 150)).not.toBeNull();
        await storage.people.endSession('h1');
        expect(await storage.people.findSession('h1', 50)).toBeNull();
        await storage.people.change('pp-2', { removedAt: 5 });
        expect(await storage.people.findSession('h2', 50)).toBeNull();
        await storage.people.change('pp-2', { removedAt: null });
        await storage.people.endSessionsOf('pp-2');
        expect(await storage.people.findSession('h3', 50)).toBeNull();
      });

      it('STORE-13 knows tokens until they are revoked, by their own person only, or that person is removed', async () => {
        await make('pp-3');
        await storage.people.createToken({ id: 't1', hash: 'th1', personId: 'pp-3', name: 'CLI', createdAt: 6 });
        await storage.people.touchToken('t1', 9);
        const token = { id: 't1', name: 'CLI', createdAt: 6, lastUsedAt: 9 };
        expect(await storage.people.findToken('th1')).toMatchObject({ token, person: { id: 'pp-3' } });
        expect(await storage.people.tokensOf('pp-3')).toEqual([token]);
        expect(await storage.people.revokeToken('somebody', 't1')).toBe(false);
        await storage.people.change('pp-3', { removedAt: 5 });
        expect(await storage.people.findToken('th1')).toBeNull();
        await storage.people.change('pp-3', { removedAt: null });
        expect(await storage.people.revokeToken('pp-3', 't1')).toBe(true);
        expect(await storage.people.findToken('th1')).toBeNull();
      });

      it('STORE-14 lets one of many use a link, once, before it expires', async () => {
        await make('pp-4');
        const link = (hash: string) => ({ hash, personId: 'pp-4', createdAt: 1, expiresAt: 100 });
        await storage.people.createLink(link('l1'));
        await storage.people.createLink(link('l2'));
        const uses = await Promise.all([1, 2, 3].map(() => storage.people.useLink('l1', 50)));
        expect(uses.filter(Boolean)).toMatchObject([{ id: 'pp-4' }]);
        expect(await storage.people.useLink('l2', 100)).toBeNull();
        expect(await storage.people.useLink('none', 1)).toBeNull();
      });

      it('STORE-15 lets one of many use an invitation, and revokes only one that is unused', async () => {
        const invitation = (id: string) => ({
          id,
          role: 'translator' as const,
          languages: ['ru'],
          note: 'с понедельника',
          createdAt: 1,
          expiresAt: 100,
          usedAt: null,
        });
        for (const id of ['i1', 'i2']) {
          await storage.people.createInvitation({ ...invitation(id), hash: `ih-${id}`, createdBy: 'p' });
        }
        expect(await storage.people.findInvitation('ih-i1', 5)).toEqual(invitation('i1'));
        const uses = await Promise.all([1, 2].map(() => storage.people.useInvitation('ih-i1', 50)));
        expect(uses.filter(Boolean)).toEqual([{ ...invitation('i1'), usedAt: 50 }]);
        expect(await storage.people.findInvitation('ih-i1', 51)).toBeNull();
        expect(await storage.people.findInvitation('ih-i2', 100)).toBeNull();
        expect(await storage.people.revokeInvitation('i1')).toBe(false);
        expect(await storage.people.revokeInvitation('i2')).toBe(true);
        expect((await storage.people.invitations()).map((one) => one.id)).toEqual(['i1']);
      });

      it('STORE-24 deletes what has expired, says whose sessions ended, and when the next one will', async () => {
        await make('pp-6');
        const session = (hash: string, expiresAt: number) =>
          storage.people.createSession({ hash, personId: 'pp-6', createdAt: 1, expiresAt });
        await storage.people.purge(20_000);
        for (const hash of ['e1', 'e2']) await session(hash, 30_000);
        await session('e3', 30_001);
        await storage.people.createLink({ hash: 'el', personId: 'pp-6', createdAt: 1, expiresAt: 30_000 });
        expect(await storage.people.purge(29_999)).toEqual({ sessionsOf: [], nextExpiry: 30_000 });
        expect(await storage.people.purge(30_000)).toEqual({ sessionsOf: ['pp-6'], nextExpiry: 30_001 });
        expect(await storage.people.findSession('e1', 1)).toBeNull();
        expect(await storage.people.findSession('e3', 1)).not.toBeNull();
        expect(await storage.people.useLink('el', 1)).toBeNull();
        expect(await storage.people.purge(40_000)).toEqual({ sessionsOf: ['pp-6'], nextExpiry: null });
      });

      it('STORE-16 keeps notifications, newest first, until they are read', async () => {
        await make('pp-5');
        await storage.articles.create(newArticle('noted'));
        const note = (id: string, at: number): Notification => ({
          id,
          kind: 'mention',
          articleId: 'noted',
          articleTitle: 'Көпүрө',
          annotationId: 'a',
          by: { id: 'p', name: 'P' },
          excerpt: '@Айгүл',
          at,
          readAt: null,
        });
        for (const at of [1, 2, 3]) await storage.notifications.create('pp-5', note(`n${at}`, at));
        expect(await storage.notifications.list('pp-5', 2)).toEqual([note('n3', 3), note('n2', 2)]);
        await storage.notifications.markRead('pp-5', ['n3'], 70);
        await storage.notifications.markRead('pp-5', [], 80);
        await storage.notifications.markRead('somebody', 'all', 80);
        await storage.notifications.markRead('pp-5', 'all', 90);
        expect((await storage.notifications.list('pp-5', 9)).map((one) => one.readAt)).toEqual([70, 90, 90]);
      });
    });

    it('STORE-17 says whether it can be read and written now', async () => {
      await expect(storage.check()).resolves.toBeUndefined();
    });
  });
}
