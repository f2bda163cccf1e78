// Random histories of several people; between them compactions at random moments, many of which end after any of their steps, as
// a crash would end them; snapshots of random rows. Every run has fresh seeds: a failure prints the one that reproduces it with
// KOPURO_FUZZ_SEED=… npx vitest run tests/storage/history.fuzz.test.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArchive } from '../../server/storage/archive/archive.ts';
import { fingerprint } from '../../server/storage/archive/content.ts';
import { DocumentThread } from '../../server/storage/archive/document-thread.ts';
import type { Engine } from '../../server/storage/schema.ts';
import { ThreadConnection } from '../../server/storage/sqlite/connection.ts';
import { engineOn } from '../../server/storage/sqlite/dialect.ts';
import type { Statement } from '../../server/storage/sqlite/messages.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import type { Storage } from '../../server/storage/types.ts';
import { newArticle } from './contract.ts';
import { fingerprintOf, randomness, Writers } from './history-source.ts';

const given = process.env.KOPURO_FUZZ_SEED;
const RUNS = Number(process.env.KOPURO_FUZZ_RUNS ?? 4);
const seeds = given ? [Number(given)] : Array.from({ length: RUNS }, () => Math.floor(Math.random() * 2 ** 32));
const STEPS = 60;
/** About as many as a compaction takes. */
const MOST_STEPS = 10;
const CREATED_AT = 1_000;

let folder = '';
let storage: Storage;
/** A second way to the same file, for those who die. */
let thread: ThreadConnection;
const documents = new DocumentThread();
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kopuro-history-'));
  const file = path.join(folder, 'kopuro.db');
  storage = await openSqliteStorage({ file, logger: pino({ level: 'silent' }) });
  thread = await ThreadConnection.open(file);
});
afterAll(async () => {
  await documents.close();
  await thread.close();
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

/** The engine of a process that ends after so many requests to its storage. */
function dyingEngine(steps: number): Engine {
  let left = steps;
  const run = async (statements: readonly Statement[]) => {
    if (left === 0) throw new Error('the process has ended');
    left -= 1;
    return thread.run(statements);
  };
  return engineOn({ run });
}

it.each(seeds)('STORE-29 holds through random histories, compactions and crashes (seed %i)', async (seed) => {
  const random = randomness(seed);
  const id = `article-${seed}`;
  const writers = new Writers(id, random);
  await storage.articles.create(newArticle(id, { update: writers.updates[0]!, createdAt: CREATED_AT }));
  const snapshots = new Map<string, number>();
  const head = () => writers.updates.length;
  const opened = async () => {
    const { state, tail } = (await storage.log.load(id))!;
    return fingerprintOf(state ? [state, ...tail] : tail);
  };

  for (let step = 0; step < STEPS; step += 1) {
    const kind = random.below(10);
    if (kind < 6) await storage.log.append(Array.from({ length: 1 + random.below(5) }, () => writers.step()));
    else if (kind === 6) await storage.archive.compact(id, 1 + random.below(head()));
    else if (kind === 7) {
      const seq = 1 + random.below(head());
      snapshots.set(`${id}-${step}`, (await storage.archive.documentAt(id, seq)).seq);
      const info = { id: `${id}-${step}`, articleId: id, kind: 'automatic' as const, name: '', by: null };
      await storage.snapshots.take({ ...info, createdAt: step }, seq);
    } else {
      await compactAndDie(id, 1 + random.below(head()), random.below(MOST_STEPS));
      expect(await opened()).toEqual(writers.after(head()));
    }
  }
  let survived = 0;
  for (let died = true; died; survived += 1) {
    await storage.log.append([writers.step()]);
    died = await compactAndDie(id, head(), survived);
    expect(await opened()).toEqual(writers.after(head()));
  }
  expect(survived).toBeGreaterThan(4); // each of its steps was once the last

  const live = fingerprint(writers.live);
  expect(await opened()).toEqual(live);
  expect(await storage.archive.verify(id)).toEqual({
    articleId: id,
    updates: head(),
    snapshots: snapshots.size,
    damaged: [],
  });
  for (const [snapshotId, seq] of snapshots) {
    expect(fingerprintOf([(await storage.snapshots.load(id, snapshotId))!.state])).toEqual(writers.after(seq));
  }

  const rows = [{ personId: 'p' as string | null, at: CREATED_AT }, ...writers.entries];
  let next = 1;
  for (const { from, to, personId, at, until } of await storage.archive.history(id)) {
    expect(from).toBe(next);
    next = to + 1;
    for (const row of rows.slice(from - 1, to)) expect(row.personId).toBe(personId);
    expect([at, until]).toEqual([rows[from - 1]!.at, rows[to - 1]!.at]);
    if (to > from) expect(Math.floor(at / 60_000)).toBe(Math.floor(until / 60_000));
    const document = await storage.archive.documentAt(id, to);
    expect(document.seq).toBe(to);
    expect(fingerprintOf([document.update])).toEqual(writers.after(to));
  }
  expect(next).toBe(head() + 1);
});

/** Whether the process that compacts ended before it was done, after so many requests to its storage. */
async function compactAndDie(id: string, upTo: number, steps: number): Promise<boolean> {
  const { archive } = createArchive(dyingEngine(steps), documents);
  try {
    await archive.compact(id, upTo);
    return false;
  } catch (error) {
    expect(String(error)).toContain('the process has ended');
    return true;
  }
}
