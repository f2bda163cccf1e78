// What rots on disk: flipped bits, cut or lost rows, in every place where an article lies. It is found when the article is opened
// and when it is verified, nothing else suffers, and mending loses no more than it must. The damage is done behind storage's back.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { stateChecksum } from '../../server/storage/archive/checksum.ts';
import { openDatabase, type SqliteDatabase } from '../../server/storage/sqlite/engine.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import type { Storage } from '../../server/storage/types.ts';
import { newArticle } from './contract.ts';
import { fingerprintOf, longUpdate, randomness, Writers } from './history-source.ts';

let folder = '';
let storage: Storage;
let disk: SqliteDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kopuro-damage-'));
  const file = path.join(folder, 'kopuro.db');
  storage = await openSqliteStorage({ file, logger: pino({ level: 'silent' }) });
  disk = await openDatabase(file);
});
afterAll(async () => {
  disk.close();
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

let count = 0;

/** An article of 30 rows: 20 in the state and in history, 10 after it; and a snapshot of row 12. */
async function article(): Promise<{ id: string; writers: Writers }> {
  count += 1;
  const id = `article-${count}`;
  const writers = new Writers(id, randomness(count));
  await storage.articles.create(newArticle(id, { update: writers.updates[0]!, createdAt: 1_000 }));
  for (let row = 2; row <= 30; row += 1) writers.step();
  await storage.log.append(writers.entries.slice(0, 19));
  const by = { id: 'p', name: 'P' };
  await storage.snapshots.take({ id: `${id}-s`, articleId: id, kind: 'named', name: 'S', createdAt: 2, by }, 12);
  await storage.archive.compact(id, 20);
  await storage.log.append(writers.entries.slice(19));
  return { id, writers };
}

/** Changes one byte in the middle. */
function flip(table: string, column: string, where: string): void {
  const [row] = disk.prepare(`SELECT ${column} AS data FROM ${table} WHERE ${where}`).all();
  const data = new Uint8Array(row!.data as Uint8Array);
  data[data.length >> 1]! ^= 0x10;
  disk.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(data);
}

const opened = async (id: string) => {
  const { state, tail } = (await storage.log.load(id))!;
  return fingerprintOf(state ? [state, ...tail] : tail);
};
const damagedIn = async (id: string) =>
  (await storage.archive.verify(id)).damaged.map(({ articleId, ...rest }) => rest);
const aside = (id: string) =>
  disk.prepare('SELECT part, from_seq, to_seq FROM log_aside WHERE article_id = ? ORDER BY part, from_seq').all(id);

interface Case {
  what: string;
  harm(id: string): void;
  /** What opening finds; null if it opens all the same. */
  opens: object | null;
  verifies: object[];
}

const CASES: Case[] = [
  {
    what: 'a bit of the state flipped',
    harm: (id) => flip('log_states', 'state', `article_id = '${id}'`),
    opens: { part: 'state', reason: 'checksum' },
    verifies: [{ part: 'state', reason: 'checksum' }],
  },
  {
    what: 'a bit of its state vector flipped',
    harm: (id) => flip('log_states', 'state_vector', `article_id = '${id}'`),
    opens: { part: 'state', reason: 'checksum' },
    verifies: [{ part: 'state', reason: 'checksum' }],
  },
  {
    what: 'the state cut',
    harm: (id) => disk.exec(`UPDATE log_states SET state = substr(state, 1, 40) WHERE article_id = '${id}'`),
    opens: { part: 'state', reason: 'checksum' },
    verifies: [{ part: 'state', reason: 'checksum' }],
  },
  {
    what: 'the state lost',
    harm: (id) => disk.exec(`DELETE FROM log_states WHERE article_id = '${id}'`),
    opens: { part: 'row', from: 1, to: 20, reason: 'missing' },
    verifies: [{ part: 'state', reason: 'missing' }],
  },
  {
    what: 'a bit of a row flipped',
    harm: (id) => flip('log_rows', 'data', `article_id = '${id}' AND seq = 25`),
    opens: { part: 'row', from: 25, to: 25, reason: 'checksum' },
    verifies: [{ part: 'row', from: 25, to: 25, reason: 'checksum' }],
  },
  {
    what: 'a row cut',
    harm: (id) => disk.exec(`UPDATE log_rows SET data = substr(data, 1, 5) WHERE article_id = '${id}' AND seq = 21`),
    opens: { part: 'row', from: 21, to: 21, reason: 'checksum' },
    verifies: [{ part: 'row', from: 21, to: 21, reason: 'checksum' }],
  },
  {
    what: 'a row in another person’s name',
    harm: (id) => disk.exec(`UPDATE log_rows SET person_id = 'eve' WHERE article_id = '${id}' AND seq = 28`),
    opens: { part: 'row', from: 28, to: 28, reason: 'checksum' },
    verifies: [{ part: 'row', from: 28, to: 28, reason: 'checksum' }],
  },
  {
    what: 'rows lost in the middle',
    harm: (id) => disk.exec(`DELETE FROM log_rows WHERE article_id = '${id}' AND seq IN (24, 25)`),
    opens: { part: 'row', from: 24, to: 25, reason: 'missing' },
    verifies: [{ part: 'row', from: 24, to: 25, reason: 'missing' }],
  },
  {
    what: 'the last row lost',
    harm: (id) => disk.exec(`DELETE FROM log_rows WHERE article_id = '${id}' AND seq = 30`),
    opens: { part: 'row', from: 30, to: 30, reason: 'missing' },
    verifies: [{ part: 'row', from: 30, to: 30, reason: 'missing' }],
  },
  {
    what: 'a bit of history flipped',
    harm: (id) => flip('log_history', 'data', `article_id = '${id}'`),
    opens: null,
    verifies: [{ part: 'history', from: 1, to: 20, reason: 'checksum' }],
  },
  {
    what: 'history lost',
    harm: (id) => disk.exec(`DELETE FROM log_history WHERE article_id = '${id}'`),
    opens: null,
    verifies: [{ part: 'row', from: 1, to: 20, reason: 'missing' }],
  },
  {
    what: 'a bit of a snapshot flipped',
    harm: (id) => flip('snapshots', 'state', `article_id = '${id}'`),
    opens: null,
    verifies: [{ part: 'snapshot', reason: 'checksum' }],
  },
];

describe('damage on disk', () => {
  it.each(CASES)('STORE-30 STORE-31 is found and named: $what', async ({ harm, opens, verifies }) => {
    const { id, writers } = await article();
    const other = await article();
    expect(await damagedIn(id)).toEqual([]);
    harm(id);
    if (opens) await expect(storage.log.load(id)).rejects.toMatchObject({ code: 'damaged', damage: opens });
    else expect(await opened(id)).toEqual(writers.after(30));
    expect(await damagedIn(id)).toMatchObject(verifies);
    expect(await opened(other.id)).toEqual(other.writers.after(30));
    expect(await damagedIn(other.id)).toEqual([]);
  });

  it('STORE-30 keeps a damaged snapshot from being taken for a good one', async () => {
    const { id } = await article();
    flip('snapshots', 'state', `article_id = '${id}'`);
    await expect(storage.snapshots.load(id, `${id}-s`)).rejects.toMatchObject({ damage: { part: 'snapshot' } });
  });

  it('STORE-30 STORE-31 compacts nothing that is damaged, and gives no document out of it', async () => {
    const { id } = await article();
    flip('log_rows', 'data', `article_id = '${id}' AND seq = 25`);
    await expect(storage.archive.compact(id, 30)).rejects.toMatchObject({ code: 'damaged' });
    await expect(storage.archive.documentAt(id, 26)).rejects.toMatchObject({ code: 'damaged' });
    expect((await storage.archive.documentAt(id, 24)).seq).toBe(24);
  });

  it('STORE-31 finds a state that is whole and yet not what the rows make, and a snapshot that is of another document', async () => {
    const { id, writers } = await article();
    putState(id, writers.updates.slice(0, 20));
    disk.exec(`UPDATE snapshots SET seq = 13 WHERE article_id = '${id}'`);
    expect(await damagedIn(id)).toMatchObject([
      { part: 'document', reason: 'differs' },
      { part: 'snapshot', reason: 'differs' },
    ]);
  });
});

/** Another document in the place of the state, as if it had been stored: one without the English text. */
function putState(id: string, updates: Uint8Array[]): void {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  // Deleting changes what is there and no client's clock, so nothing of what came later is missing.
  const text = doc.getXmlFragment('text/en');
  text.delete(0, text.length);
  const [state, vector] = [Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc)];
  disk
    .prepare("UPDATE log_states SET state = ?, state_vector = ?, checksum = ?, form = 'v1' WHERE article_id = ?")
    .run(state, vector, stateChecksum(id, 20, state, vector), id);
}

describe('mending', () => {
  const epoch = (id: string) => storage.articles.epoch(id);

  it('STORE-32 makes a damaged state anew from the rows, and loses nothing', async () => {
    for (const what of ['flipped', 'lost']) {
      const { id, writers } = await article();
      if (what === 'flipped') flip('log_states', 'state', `article_id = '${id}'`);
      else disk.exec(`DELETE FROM log_states WHERE article_id = '${id}'`);
      expect(await storage.archive.mend(id, 77)).toEqual({ from: 'history', epochRaised: false });
      expect(await opened(id)).toEqual(writers.after(30));
      expect([await damagedIn(id), await epoch(id)]).toEqual([[], 1]);
      expect(aside(id)).toMatchObject(what === 'flipped' ? [{ part: 'state', from_seq: 20 }] : []);
    }
  });

  it('STORE-32 lets the state stand in for history that is damaged, and loses no text', async () => {
    const { id, writers } = await article();
    flip('log_history', 'data', `article_id = '${id}'`);
    expect(await storage.archive.mend(id, 77)).toEqual({ from: 'state', epochRaised: false });
    expect(await opened(id)).toEqual(writers.after(30));
    expect([await damagedIn(id), await epoch(id)]).toEqual([[], 1]);
    expect((await storage.archive.history(id))[0]).toMatchObject({ from: 20, to: 20, personId: null, at: 77 });
    expect(aside(id)).toMatchObject([{ part: 'history', from_seq: 1, to_seq: 20 }]);
    await storage.archive.compact(id, 30);
    expect([await opened(id), await damagedIn(id)]).toEqual([writers.after(30), []]);
  });

  it('STORE-32 begins another history with a snapshot where there is no better way; the epoch rises', async () => {
    const { id, writers } = await article();
    flip('log_rows', 'data', `article_id = '${id}' AND seq = 25`);
    expect(await storage.archive.mend(id, 77)).toBeNull();
    await storage.archive.replaceHistory(id, { snapshotId: `${id}-s` }, 78);
    expect(await opened(id)).toEqual(writers.after(12));
    expect([await damagedIn(id), await epoch(id)]).toEqual([[], 2]);
    expect(aside(id).map(({ part }) => part)).toEqual(['history', ...Array.from({ length: 10 }, () => 'row'), 'state']);
    const { heads } = await storage.log.append([
      { articleId: id, personId: 'p', at: 79, update: writers.updates[12]! },
    ]);
    expect(heads.get(id)).toBe(32);
    await storage.archive.compact(id, 32);
    expect([await opened(id), await damagedIn(id)]).toEqual([writers.after(13), []]);
  });

  it('STORE-32 changes nothing if the snapshot is damaged too, or if nothing is damaged', async () => {
    const { id, writers } = await article();
    expect(await storage.archive.mend(id, 77)).toEqual({ from: 'nothing', epochRaised: false });
    expect([await opened(id), await epoch(id)]).toEqual([writers.after(30), 1]);
    flip('log_rows', 'data', `article_id = '${id}' AND seq = 25`);
    flip('snapshots', 'state', `article_id = '${id}'`);
    const source = { snapshotId: `${id}-s` };
    await expect(storage.archive.replaceHistory(id, source, 78)).rejects.toMatchObject({
      damage: { part: 'snapshot' },
    });
    expect([await epoch(id), aside(id)]).toEqual([1, []]);
  });

  it('STORE-32 believes the rows, not a state that differs: whoever holds the other document begins anew', async () => {
    const { id, writers } = await article();
    putState(id, writers.updates.slice(0, 20));
    expect(await damagedIn(id)).toMatchObject([{ part: 'document', reason: 'differs' }]);
    expect(await storage.archive.mend(id, 77)).toEqual({ from: 'history', epochRaised: true });
    expect([await opened(id), await damagedIn(id), await epoch(id)]).toEqual([writers.after(30), [], 2]);
  });

  it('STORE-41 passes over places that are not those of the state: it opens as it is', async () => {
    const { id, writers } = await article();
    await storage.log.append([{ articleId: id, personId: 'p', at: 5, update: longUpdate(writers.live) }]);
    await storage.archive.compact(id, 31);
    expect((await storage.log.load(id))!.places).not.toBeNull();
    flip('log_states', 'places', `article_id = '${id}'`);
    expect(await storage.log.load(id)).toMatchObject({ seq: 31, places: null });
    expect(await damagedIn(id)).toEqual([]);
    // As a program leaves them that knows none: the state is another one.
    flip('log_states', 'places', `article_id = '${id}'`);
    expect((await storage.log.load(id))!.places).not.toBeNull();
    const { state, stateVector } = (await storage.log.load(id))!;
    disk
      .prepare("UPDATE log_states SET state = ?, form = 'v1', checksum = ? WHERE article_id = ?")
      .run(state!, stateChecksum(id, 31, state!, stateVector!), id);
    expect(await storage.log.load(id)).toMatchObject({ seq: 31, places: null });
    expect(await damagedIn(id)).toEqual([]);
  });
});
