// Two processes that are asked for the same thing at the same moment, a thousand times in all: one effect each time.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Annotation } from '../../shared/annotation/types.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { describeCluster } from '../support/redis.ts';
import { type Answer, type Newsroom, openNewsroom, type Somebody } from './newsroom.ts';

/** Of each kind. */
const ROUNDS = { suggestion: 250, reply: 250, create: 400, restore: 100 };
/** Rounds under way at once. */
const LANES = 5;

describeCluster('two processes that are asked at the same moment', () => {
  let newsroom: Newsroom;
  let editor: Somebody;
  let other: Somebody;

  beforeAll(async () => {
    newsroom = await openNewsroom({ processes: 2 });
    editor = await newsroom.person('editor', [], 'Aida');
    other = await newsroom.person('editor', [], 'Daniyar');
  });
  afterAll(() => newsroom?.dispose());

  async function rounds(count: number, round: (lane: number, index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const run = async (lane: number) => {
      while (next < count) await round(lane, next++);
    };
    await Promise.all(Array.from({ length: LANES }, (_, lane) => run(lane)));
  }

  function atBoth<T>(
    path: string,
    one: { who: Somebody; body: unknown },
    two: { who: Somebody; body: unknown },
  ): Promise<[Answer<T>, Answer<T>]> {
    return Promise.all([
      newsroom.call<T>(one.who, 'POST', path, one.body, 0),
      newsroom.call<T>(two.who, 'POST', path, two.body, 1),
    ]);
  }

  /** One article for each lane, so that articles are decided on side by side. */
  async function articles(): Promise<{ articleId: string; blockId: string }[]> {
    return Promise.all(
      Array.from({ length: LANES }, async () => {
        const articleId = await newsroom.article(editor, ['The sentence is akward.']);
        const path = `/api/articles/${articleId}/texts/en?format=json`;
        const { body } = await newsroom.call<{ blocks: { id: string }[] }>(editor, 'GET', path);
        return { articleId, blockId: body.blocks[0]!.id };
      }),
    );
  }

  async function annotate(articleId: string, annotation: object): Promise<string> {
    const body = { language: 'en', body: 'Hm.', ...annotation };
    const made = await newsroom.call<{ id: string }>(editor, 'POST', `/api/articles/${articleId}/annotations`, body);
    expect(made).toMatchObject({ status: 201 });
    return made.body.id;
  }

  const read = async (articleId: string, id: string, process: number) =>
    (await newsroom.call<Annotation>(editor, 'GET', `/api/articles/${articleId}/annotations/${id}`, undefined, process))
      .body;

  it('CLUSTER-6 accepts or rejects a suggestion, whoever is first: never both, and never one of them twice', async () => {
    const lanes = await articles();
    const outcomes = { accepted: 0, rejected: 0 };
    await rounds(ROUNDS.suggestion, async (lane, index) => {
      const { articleId, blockId } = lanes[lane]!;
      const language = { kind: 'language', category: 'spelling', severity: 'minor', blockId };
      // Words that are there whatever was accepted before.
      const id = await annotate(articleId, { ...language, exact: 'The sentence', suggestion: `The ${index} sentence` });
      const path = `/api/articles/${articleId}/annotations/${id}/suggestion/`;
      const [accepting, rejecting] = await Promise.all([
        newsroom.call(editor, 'POST', `${path}accept`, {}, index % 2),
        newsroom.call(other, 'POST', `${path}reject`, {}, (index + 1) % 2),
      ]);
      const winners = [accepting, rejecting].filter(({ status }) => status < 300);
      expect([accepting, rejecting].map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(winners).toHaveLength(1);
      const status = accepting.status < 300 ? 'accepted' : 'rejected';
      outcomes[status] += 1;
      const [here, there] = await Promise.all([read(articleId, id, 0), read(articleId, id, 1)]);
      expect([here.suggestion!.status, there.suggestion!.status]).toEqual([status, status]);
      if (status === 'accepted') {
        await newsroom.call(editor, 'POST', `${path}revert`, {}, 0);
      }
    });
    // Both must have won at times, else nothing was decided here.
    expect(Math.min(outcomes.accepted, outcomes.rejected)).toBeGreaterThan(0);
  });

  it('CLUSTER-7 carries a command out once, though both processes get it, and answers both alike', async () => {
    const lanes = await articles();
    await rounds(ROUNDS.reply, async (lane) => {
      const { articleId, blockId } = lanes[lane]!;
      const id = await annotate(articleId, { kind: 'claim', blockId, exact: 'sentence' });
      const command = {
        id: randomUUID(),
        type: 'annotation.reply',
        payload: { annotationId: id, body: 'Said once.' },
      };
      const same = { who: editor, body: command };
      const [one, two] = await atBoth<{ result: { messageId: string } }>(
        `/api/articles/${articleId}/commands`,
        same,
        same,
      );
      expect(one).toMatchObject({ status: 200 });
      expect(two).toEqual(one);
      const [here, there] = await Promise.all([read(articleId, id, 0), read(articleId, id, 1)]);
      const said = ({ thread }: Annotation) => thread.filter(({ body }) => body === 'Said once.').length;
      expect([said(here), said(there)]).toEqual([1, 1]);
    });
  });

  it('CLUSTER-7 makes one article under one id', async () => {
    await rounds(ROUNDS.create, async () => {
      const id = randomUUID();
      const body = {
        id,
        title: 'One',
        sourceLanguage: 'en',
        targetLanguages: ['ru'],
        format: 'txt',
        content: 'Words.',
      };
      const [one, two] = await atBoth<{ id: string }>('/api/articles', { who: editor, body }, { who: other, body });
      expect([one, two].filter(({ status }) => status === 201)).toHaveLength(1);
      const [row] = await newsroom.database.query<{ rows: string }>(
        'SELECT count(*) AS rows FROM log_rows WHERE article_id = $1',
        [id],
      );
      expect(Number(row!.rows)).toBe(1);
    });
  });

  it('CLUSTER-7 restores once, with one snapshot of what was there before', async () => {
    const lanes = await articles();
    await rounds(ROUNDS.restore, async (lane) => {
      const { articleId } = lanes[lane]!;
      const taken = await newsroom.call<{ id: string }>(editor, 'POST', `/api/articles/${articleId}/snapshots`, {
        name: 'Then',
      });
      const command = { id: randomUUID(), type: 'snapshot.restore', payload: { snapshotId: taken.body.id } };
      const same = { who: editor, body: command };
      const before = await beforeRestore(articleId);
      const answers = await atBoth(`/api/articles/${articleId}/commands`, same, same);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect((await beforeRestore(articleId)) - before).toBe(1);
    });

    async function beforeRestore(articleId: string): Promise<number> {
      const path = `/api/articles/${articleId}/snapshots`;
      const { body } = await newsroom.call<{ snapshots: SnapshotInfo[] }>(editor, 'GET', path);
      return body.snapshots.filter(({ kind }) => kind === 'before-restore').length;
    }
  });
});
