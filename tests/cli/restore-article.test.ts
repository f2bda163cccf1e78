// An article put back to a moment of its history or to a snapshot, from the command line: beside a server, and without one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Restoring } from '../../server/restore-article.ts';
import { blockElements, blockText, blockTextNodes, readBlocks } from '../../shared/article/blocks.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';
import { run } from '../support/terminal.ts';

let server: TestApp;
let editor: TestPerson;
let article: string;
let folder: string;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 10, 24, 10, 0, 0);
  folder = await mkdtemp(join(tmpdir(), 'kopuro-restore-'));
  server = await startTestApp({ now: () => now, dataFolder: folder });
  editor = await server.addPerson('editor', [], 'Elena');
  article = await server.addArticle(editor, ['The bridge stands.', 'The river flows.']);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Changes the text as the editor, so many minutes later. */
async function edit(minutes: number, change: (texts: ReturnType<typeof textNodes>) => void): Promise<void> {
  now += minutes * 60_000;
  await server.app.rooms.use(article, (room) => room.transact({ id: editor.id }, (doc) => change(textNodes(doc))));
}
const textNodes = (doc: Parameters<typeof blockElements>[0]) =>
  blockElements(doc, 'en').map((element) => blockTextNodes(element)[0]!);

const words = () => server.app.rooms.use(article, ({ doc }) => readBlocks(doc, 'en').map(blockText));
const kopuro = (...args: string[]) => run(folder, ['restore', article, ...args]);

async function snapshots(): Promise<SnapshotInfo[]> {
  const { body } = await server.call<{ snapshots: SnapshotInfo[] }>(
    editor,
    'GET',
    `/api/articles/${article}/snapshots`,
  );
  return body.snapshots.filter(({ kind }) => kind !== 'automatic');
}

it('CLI-10 puts an article back to any moment of its history, beside a running server, and forward again', async () => {
  await edit(10, ([first]) => first!.insert(0, 'Now and then '));
  const written = now;
  await edit(10, ([first, second]) => {
    first!.delete(0, first!.length);
    second!.insert(0, 'All that is left: ');
  });
  const ruin = await words();

  const listed = JSON.parse((await kopuro('--list', '--json')).out) as { at: number; kind: string; by: string }[];
  expect(listed.map(({ at, kind, by }) => [at, kind, by])).toContainEqual([written, 'change', 'Elena']);
  const lines = (await kopuro('--list')).out.trim().split('\n');
  expect(lines[0]).toBe('2026-11-24T10:20:00.000Z\tchange\tElena');

  const moment = new Date(written).toISOString();
  const dry = await kopuro('--to', moment, '--dry-run');
  expect([dry.code, dry.err]).toEqual([0, '']);
  expect(dry.out).toContain('en: paragraphs that come back: 0, that go: 0, that change: 2');
  expect(dry.out).toContain('+ Now and then The bridge stands.');
  expect(dry.out).toContain('− All that is left: The river flows.');
  expect([await words(), await snapshots()]).toEqual([ruin, []]);

  const done = JSON.parse((await kopuro('--to', moment, '--json')).out) as Restoring;
  expect(done).toMatchObject({ at: written, restored: true });
  expect(await words()).toEqual(['Now and then The bridge stands.', 'The river flows.']);
  const kept = await snapshots();
  expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(['named', 'before-restore']));
  expect(kept.find(({ kind }) => kind === 'named')?.name).toBe('2026-11-24 10:10:00 UTC');

  // Back to the ruin, by the snapshot of it; and nothing is done twice.
  const before = kept.find(({ kind }) => kind === 'before-restore')!;
  expect((await kopuro('--snapshot', before.id)).code).toBe(0);
  expect(await words()).toEqual(ruin);
  const count = (await snapshots()).length;
  expect((await kopuro('--snapshot', before.id)).out).toContain('Nothing to do');
  expect((await snapshots()).length).toBe(count);
});

it('CLI-10 finds moments after they have become history, and takes none for one before the beginning', async () => {
  const beginning = now;
  await edit(10, ([first]) => first!.insert(0, 'Later '));
  await edit(10, ([first]) => first!.insert(0, 'Latest '));
  const { lastRow } = await server.app.rooms.use(article, (room) => room);
  await server.app.storage.archive.compact(article, lastRow);
  const between = new Date(beginning + 15 * 60_000).toISOString();
  expect((await kopuro('--to', between)).code).toBe(0);
  expect(await words()).toEqual(['Later The bridge stands.', 'The river flows.']);
  const early = await kopuro('--to', new Date(beginning - 1).toISOString());
  expect([early.code, early.out]).toEqual([1, '']);
  expect(early.err).not.toMatch(/\n\s+at /);
});

it('CLI-10 works without a server, and says what is wrong with its arguments', async () => {
  await edit(10, ([first]) => first!.delete(0, first!.length));
  const moment = '2026-11-24T10:05Z';
  for (const wrong of [
    ['--to', 'yesterday'],
    ['--to', moment, '--list'],
    ['--dry-run'],
    ['--to', '2026-13-45T10:00'],
  ]) {
    const { code, out, err } = await kopuro(...wrong);
    expect([code, out, err === '']).toEqual([2, '', false]);
  }
  await server.close();
  const done = await run(folder, ['restore', article, '--to', moment]);
  expect([done.code, done.err]).toEqual([0, '']);
  expect((await run(folder, ['export', article])).out).toContain('The bridge stands.');
}, 90_000); // it starts an app of its own
