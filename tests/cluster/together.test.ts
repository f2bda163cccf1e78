// Three processes behind a balancer that knows nothing of them: whoever is connected to whichever, they are one newsroom.
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Annotation } from '../../shared/annotation/types.ts';
import type { ClientEvents, PresentPerson, ServerEvents } from '../../shared/protocol/events.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { describeCluster } from '../support/redis.ts';
import { Typist, until } from '../support/typist.ts';
import { type Newsroom, openNewsroom, type Somebody } from './newsroom.ts';

describeCluster('three processes', () => {
  let newsroom: Newsroom;
  let editor: Somebody;
  let russian: Somebody;
  let kyrgyz: Somebody;
  const open: { destroy(): void }[] = [];

  beforeAll(async () => {
    newsroom = await openNewsroom();
    editor = await newsroom.person('editor', [], 'Aida');
    russian = await newsroom.person('translator', ['ru'], 'Boris');
    kyrgyz = await newsroom.person('translator', ['ky'], 'Chynara');
  });
  afterAll(async () => {
    for (const one of open) one.destroy();
    await newsroom?.dispose();
  });

  function join(who: Somebody, articleId: string, language: string, process: number): Typist {
    const { url } = newsroom.processes[process]!;
    const typist = new Typist({ url, articleId, language, token: who.token });
    open.push(typist);
    return typist;
  }

  async function live(who: Somebody, process: number): Promise<Socket<ServerEvents, ClientEvents>> {
    const socket: Socket<ServerEvents, ClientEvents> = io(newsroom.processes[process]!.url, {
      path: '/live',
      transports: ['websocket'],
      auth: { token: who.token },
    });
    open.push({ destroy: () => socket.disconnect() });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }

  function annotate(who: Somebody, articleId: string, exact: string, rest: object = {}, process?: number) {
    return newsroom
      .call<{ blocks: { id: string }[] }>(who, 'GET', `/api/articles/${articleId}/texts/en?format=json`)
      .then(({ body }) =>
        newsroom.call<{ annotationId: string; id: string }>(
          who,
          'POST',
          `/api/articles/${articleId}/annotations`,
          { kind: 'comment', language: 'en', blockId: body.blocks[0]!.id, exact, body: 'Why?', ...rest },
          process,
        ),
      );
  }

  it('CLUSTER-1 shows everybody what anybody types, whichever process they are connected to, each word once', async () => {
    const articleId = await newsroom.article(editor);
    const typists = [
      join(editor, articleId, 'en', 0),
      join(editor, articleId, 'en', 1),
      join(russian, articleId, 'ru', 2),
      join(kyrgyz, articleId, 'ky', 0),
    ];
    await Promise.all(typists.map((typist) => typist.connect()));
    for (let round = 0; round < 60; round += 1) {
      for (const typist of typists) typist.type();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await Promise.all(typists.map((typist) => typist.allAcknowledged()));
    const typed = (language: string) => typists.filter((one) => one.language === language).flatMap((one) => one.typed);
    for (const typist of typists) {
      for (const language of ['en', 'ru', 'ky']) {
        await until(() => typed(language).every((word) => typist.words(language).has(word)), `all see ${language}`);
      }
    }
    const fresh = join(kyrgyz, articleId, 'ky', 1);
    await fresh.connect();
    const text = fresh.text('en');
    expect(typed('en').filter((word) => text.split(word).length !== 2)).toEqual([]);
    expect(typists.map((typist) => typist.text('en'))).toEqual(typists.map(() => text));
    expect(typists.flatMap(({ refusals, closes }) => [...refusals, ...closes])).toEqual([]);
  });

  it('CLUSTER-2 reads at one process what was just written at another', async () => {
    const articleId = await newsroom.article(editor);
    for (let round = 0; round < 10; round += 1) {
      const { status } = await annotate(editor, articleId, 'paragraph', { body: `note ${round}` }, round % 3);
      expect(status).toBe(201);
      const { body } = await newsroom.call<{ annotations: Annotation[] } | Annotation[]>(
        editor,
        'GET',
        `/api/articles/${articleId}/annotations`,
        undefined,
        (round + 1) % 3,
      );
      const notes = Array.isArray(body) ? body : body.annotations;
      expect(notes).toHaveLength(round + 1);
    }
  });

  it('CLUSTER-3 shows cursors and people of other processes, and takes them away when they go', async () => {
    const articleId = await newsroom.article(editor);
    const desk = await live(kyrgyz, 2);
    const present = new Map<string, readonly PresentPerson[]>();
    desk.on('desk.presence', (id, people) => present.set(id, people));
    desk.emit('desk.watch', [articleId], () => {});
    const here = join(editor, articleId, 'en', 0);
    const there = join(russian, articleId, 'ru', 1);
    await Promise.all([here.connect(), there.connect()]);
    there.provider.awareness.setLocalStateField('cursor', { at: 7 });
    const seen = () => here.provider.awareness.getStates().get(there.doc.clientID);
    await until(() => seen()?.cursor?.at === 7, 'the cursor is seen');
    expect(seen()?.user).toMatchObject({ id: russian.id, name: 'Boris', role: 'translator' });
    await until(() => present.get(articleId)?.length === 2, 'the desk counts both');

    there.disconnect();
    await until(() => seen() === undefined, 'the cursor is gone');
    await until(
      () =>
        present
          .get(articleId)
          ?.map(({ id }) => id)
          .join() === editor.id,
      'the desk counts one',
    );
  });

  it('CLUSTER-4 tells a person at another process of a mention, and everybody of a snapshot', async () => {
    const articleId = await newsroom.article(editor);
    const socket = await live(russian, 1);
    const told: string[] = [];
    const snapshots: string[] = [];
    socket.on('notification', ({ kind }) => told.push(kind));
    socket.on('snapshots.changed', (id) => snapshots.push(id));
    await annotate(editor, articleId, 'paragraph', { body: `@[Boris](${russian.id}) look` }, 0);
    await until(() => told.includes('mention'), 'the mention arrives');
    const taken = await newsroom.call(editor, 'POST', `/api/articles/${articleId}/snapshots`, { name: 'one' }, 2);
    expect(taken.status).toBe(201);
    await until(() => snapshots.includes(articleId), 'the snapshot is told of');
    const { body } = await newsroom.call<SnapshotInfo[] | { snapshots: SnapshotInfo[] }>(
      editor,
      'GET',
      `/api/articles/${articleId}/snapshots`,
      undefined,
      0,
    );
    expect((Array.isArray(body) ? body : body.snapshots).map(({ name }) => name)).toEqual(['one']);
  });

  it('CLUSTER-5 ends a revoked token, a lowered role and a removed article everywhere within a second', async () => {
    const articleId = await newsroom.article(editor);
    const guest = await newsroom.person('translator', ['ru'], 'Guest');
    const typists = [0, 1, 2].map((process) => join(guest, articleId, 'ru', process));
    await Promise.all(typists.map((typist) => typist.connect()));
    const sockets = await Promise.all([0, 1, 2].map((process) => live(guest, process)));
    await until(() => typists.every(({ hello }) => hello?.editableLanguages.includes('ru')), 'they may write');

    const lowered = await newsroom.call(editor, 'PATCH', `/api/people/${guest.id}`, { role: 'reader' }, 1);
    expect(lowered.status).toBe(200);
    let began = performance.now();
    await until(() => typists.every(({ hello }) => hello?.editableLanguages.length === 0), 'nobody may write');
    expect(performance.now() - began).toBeLessThan(1_000);

    began = performance.now();
    const revoked = await newsroom.call(guest, 'DELETE', `/api/tokens/${guest.tokenId}`, undefined, 2);
    expect(revoked.status).toBeLessThan(300);
    await until(() => typists.every(({ closes }) => closes.length > 0), 'all connections are closed');
    await until(() => sockets.every(({ connected }) => !connected), 'all sockets are closed');
    expect(performance.now() - began).toBeLessThan(1_000);

    const reader = join(russian, articleId, 'ru', 1);
    await reader.connect();
    await newsroom.call(editor, 'DELETE', `/api/articles/${articleId}`, undefined, 0);
    await until(() => reader.closes.length > 0, 'the article is gone');
  });
});
