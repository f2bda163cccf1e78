// What the quiet side of the log must do, whatever the engine: compaction, history, snapshots, checks, mending.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../../server/storage/types.ts';
import { PIECE_BYTES } from '../../server/updates/pieces.ts';
import { piecesAt } from '../../server/updates/places.ts';
import { newArticle } from './contract.ts';
import { fingerprintOf, firstUpdate, longUpdate, randomness, Writers } from './history-source.ts';

const MINUTE = 60_000;

/** `open` answers with a storage that may hold other articles. */
export function archiveContract(engine: string, open: () => Promise<Storage>): void {
  describe(`archive: ${engine}`, () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    /** An article with `rows` random updates after its first row. */
    async function written(id: string, rows: number): Promise<Writers> {
      const writers = new Writers(id, randomness(7));
      await storage.articles.create(newArticle(id, { update: writers.updates[0]! }));
      for (let row = 0; row < rows; row += 1) writers.step();
      await storage.log.append(writers.entries);
      return writers;
    }
    const opened = async (id: string) => {
      const { state, tail } = (await storage.log.load(id))!;
      return fingerprintOf(state ? [state, ...tail] : tail);
    };
    const snapshot = (id: string, articleId: string, createdAt = 5) => ({
      id,
      articleId,
      kind: 'named' as const,
      name: 'До правки',
      createdAt,
      by: { id: 'p', name: 'П' },
    });

    it('STORE-5 opens a compacted article from its state and the rows after it, which are what all rows make', async () => {
      const writers = await written('arc-1', 30);
      await storage.archive.compact('arc-1', 31);
      expect(await storage.log.load('arc-1')).toMatchObject({ seq: 31, head: 31, tail: [] });
      expect(await opened('arc-1')).toEqual(writers.after(31));
      const { stateVector } = (await storage.log.load('arc-1'))!;
      expect(stateVector!.length).toBeGreaterThan(1);
      writers.step();
      await storage.log.append(writers.entries.slice(-1));
      expect(await storage.log.load('arc-1')).toMatchObject({ seq: 31, head: 32, tail: [writers.updates[31]] });
      expect(await opened('arc-1')).toEqual(writers.after(32));
      await storage.archive.compact('arc-1', 30);
      expect(await storage.log.load('arc-1')).toMatchObject({ seq: 31, head: 32 });
      await storage.archive.compact('arc-1', 32);
      await storage.archive.compact('arc-1', 32);
      expect(await storage.log.load('arc-1')).toMatchObject({ seq: 32, head: 32, tail: [] });
      expect(await opened('arc-1')).toEqual(writers.after(32));
      await expect(storage.archive.compact('nowhere', 1)).rejects.toMatchObject({ code: 'reference' });
    });

    it('STORE-41 stores where a long state may be cut: its pieces, one upon the other, are the document', async () => {
      const writers = await written('arc-cut', 30);
      expect((await storage.log.load('arc-cut'))!.places).toBeNull();
      await storage.archive.compact('arc-cut', 31);
      expect((await storage.log.load('arc-cut'))!.places).toBeNull(); // it is short
      await storage.log.append([{ articleId: 'arc-cut', personId: 'p', at: 5, update: longUpdate(writers.live) }]);
      await storage.archive.compact('arc-cut', 32);
      const { state, places, languages } = (await storage.log.load('arc-cut'))!;
      const { pieces } = piecesAt(state!, places!);
      expect(pieces.length).toBeGreaterThan(2);
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(PIECE_BYTES);
      expect(fingerprintOf(pieces)).toEqual(fingerprintOf([state!]));
      expect(languages).toEqual(['en', 'ru', 'ky']);
      expect((await storage.archive.verify('arc-cut')).damaged).toEqual([]);
    });

    it('STORE-26 merges rows of one person and minute that follow one another, and keeps who, when and the order', async () => {
      await storage.articles.create(newArticle('arc-2', { update: firstUpdate(), createdAt: 0, createdBy: 'eva' }));
      const writers = new Writers('arc-2', randomness(3), ['x']);
      const row = (personId: string | null, at: number) => {
        const entry = { ...writers.step(), personId, at };
        return storage.log.append([entry]);
      };
      await row('ann', MINUTE);
      await row('ann', MINUTE + 5);
      await row('ann', 2 * MINUTE - 1);
      await row('ann', 2 * MINUTE);
      await row('ben', 2 * MINUTE + 1);
      await row('ann', 2 * MINUTE + 2);
      await row(null, 2 * MINUTE + 3);
      await row(null, 2 * MINUTE + 4);
      await storage.archive.compact('arc-2', 9);
      const merged = [
        { from: 1, to: 1, personId: 'eva', at: 0, until: 0 },
        { from: 2, to: 4, personId: 'ann', at: MINUTE, until: 2 * MINUTE - 1 },
        { from: 5, to: 5, personId: 'ann', at: 2 * MINUTE, until: 2 * MINUTE },
        { from: 6, to: 6, personId: 'ben', at: 2 * MINUTE + 1, until: 2 * MINUTE + 1 },
        { from: 7, to: 7, personId: 'ann', at: 2 * MINUTE + 2, until: 2 * MINUTE + 2 },
        { from: 8, to: 9, personId: null, at: 2 * MINUTE + 3, until: 2 * MINUTE + 4 },
      ];
      expect(await storage.archive.history('arc-2')).toMatchObject(merged);
      await row('ann', 3 * MINUTE);
      await row('ann', 3 * MINUTE);
      expect(await storage.archive.history('arc-2', { from: 6 })).toMatchObject([
        ...merged.slice(3),
        { from: 10, to: 10, personId: 'ann' },
        { from: 11, to: 11, personId: 'ann' },
      ]);
      expect(await storage.archive.history('arc-2', { from: 3, to: 5 })).toMatchObject(merged.slice(1, 3));
    });

    it('STORE-27 rebuilds the document as of any row, before and after rows were merged', async () => {
      const writers = await written('arc-3', 40);
      const at = async (seq: number) => {
        const document = await storage.archive.documentAt('arc-3', seq);
        expect(fingerprintOf([document.update])).toEqual(writers.after(document.seq));
        return document.seq;
      };
      for (const seq of [1, 20, 41]) expect(await at(seq)).toBe(seq);
      await storage.archive.compact('arc-3', 41);
      const ends = (await storage.archive.history('arc-3')).map(({ to }) => to);
      for (const seq of [1, 12, 20, 33, 41, 99]) expect(await at(seq)).toBe(ends.findLast((end) => end <= seq));
    });

    it('STORE-27 merges no rows over one that a snapshot is of', async () => {
      await storage.articles.create(newArticle('arc-4', { update: firstUpdate(), createdAt: 0 }));
      const writers = new Writers('arc-4', randomness(3), ['x']);
      for (let row = 0; row < 9; row += 1)
        await storage.log.append([{ ...writers.step(), personId: 'ann', at: MINUTE }]);
      await storage.snapshots.take(snapshot('arc-4-s', 'arc-4'), 6);
      await storage.archive.compact('arc-4', 10);
      expect(await storage.archive.history('arc-4')).toMatchObject([
        { from: 1, to: 1 },
        { from: 2, to: 6 },
        { from: 7, to: 10 },
      ]);
      const { seq, update } = await storage.archive.documentAt('arc-4', 6);
      expect([seq, fingerprintOf([update])]).toEqual([6, writers.after(6)]);
    });

    it('STORE-10 keeps snapshots of any row, with their words counted, newest first, each under its own article', async () => {
      const writers = await written('arc-5', 20);
      const first = await storage.snapshots.take(snapshot('s1', 'arc-5', 1), 1);
      await storage.archive.compact('arc-5', 21);
      await storage.snapshots.take({ ...snapshot('s2', 'arc-5', 2), by: null, kind: 'automatic', name: '' }, 21);
      await storage.snapshots.take(snapshot('s3', 'arc-5', 3), 1);
      expect(first).toEqual({ ...snapshot('s1', 'arc-5', 1), words: 8 });
      expect((await storage.snapshots.list('arc-5')).map((one) => one.id)).toEqual(['s3', 's2', 's1']);
      const loaded = await storage.snapshots.load('arc-5', 's1');
      expect(loaded!.info).toEqual(first);
      expect(fingerprintOf([loaded!.state])).toEqual(writers.after(1));
      expect(fingerprintOf([(await storage.snapshots.load('arc-5', 's2'))!.state])).toEqual(writers.after(21));
      expect(fingerprintOf([(await storage.snapshots.load('arc-5', 's3'))!.state])).toEqual(writers.after(1));
      expect(await storage.snapshots.load('arc-1', 's1')).toBeNull();
      await expect(storage.snapshots.take(snapshot('s4', 'nowhere'), 1)).rejects.toMatchObject({ code: 'reference' });
    });

    it('STORE-28 goes on committing while an article is compacted', async () => {
      await written('arc-6', 1_500);
      await storage.articles.create(newArticle('arc-7', { update: firstUpdate() }));
      const other = new Writers('arc-7', randomness(1));
      let compacted = false;
      const compaction = storage.archive.compact('arc-6', 1_501).then(() => {
        compacted = true;
      });
      let meanwhile = 0;
      for (; !compacted; meanwhile += 1) await storage.log.append([other.step()]);
      await compaction;
      expect(meanwhile).toBeGreaterThan(2);
      expect(await storage.archive.verify('arc-6')).toMatchObject({ updates: 1_501, damaged: [] });
    });

    it('STORE-32 begins another history with a snapshot or a document: the epoch rises, numbers go on', async () => {
      const writers = await written('arc-9', 25);
      await storage.archive.compact('arc-9', 20);
      await storage.snapshots.take(snapshot('arc-9-s', 'arc-9'), 12);
      expect(await storage.archive.mend('arc-9', 5)).toEqual({ from: 'nothing', epochRaised: false });
      await storage.archive.replaceHistory('arc-9', { snapshotId: 'arc-9-s' }, 6);
      expect([await opened('arc-9'), await storage.articles.epoch('arc-9')]).toEqual([writers.after(12), 2]);
      expect(await storage.archive.history('arc-9')).toMatchObject([{ from: 27, to: 27, personId: null, at: 6 }]);
      const { update } = await storage.archive.documentAt('arc-9', 27);
      await storage.log.append([{ articleId: 'arc-9', personId: 'p', at: 7, update: writers.updates[12]! }]);
      await storage.archive.compact('arc-9', 28);
      expect(await storage.archive.verify('arc-9')).toMatchObject({ updates: 2, snapshots: 1, damaged: [] });
      expect(await opened('arc-9')).toEqual(writers.after(13));
      await storage.archive.replaceHistory('arc-9', { update }, 8);
      expect([await opened('arc-9'), await storage.articles.epoch('arc-9')]).toEqual([writers.after(12), 3]);
      const source = { snapshotId: 'nothing' };
      await expect(storage.archive.replaceHistory('arc-9', source, 9)).rejects.toMatchObject({ code: 'damaged' });
    });

    it('STORE-31 verifies an article: what was replayed, and that nothing is damaged', async () => {
      await written('arc-8', 25);
      await storage.archive.compact('arc-8', 26);
      await storage.snapshots.take(snapshot('arc-8-s', 'arc-8'), 9);
      expect(await storage.archive.verify('arc-8')).toEqual({
        articleId: 'arc-8',
        updates: 26,
        snapshots: 1,
        damaged: [],
      });
      await expect(storage.archive.verify('nowhere')).rejects.toMatchObject({ code: 'reference' });
    });
  });
}
