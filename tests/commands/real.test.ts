// Commands and reactions on the real thing: rooms with their committer, SQLite, a restart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readAnnotations } from '../../shared/annotation/read.ts';
import { findBlockElement, readBlocks } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import type { CommandInput, CommandType } from '../../shared/protocol/commands.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';
import { refusal } from './memory.ts';

const opened: TestApp[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

it('CMD-3 CMD-11 answers once, decides once, and still knows it after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kopuro-commands-'));
  folders.push(folder);
  const first = await open(folder);
  const { app } = first;
  const [editor, ky, checker] = await people(first);
  const articleId = await first.addArticle(editor, [
    'The parliament has ratifies the agreement.',
    'It was signed in May.',
  ]);
  const send = <T extends CommandType>(who: TestPerson, type: T, payload: CommandInput<T>, id: string) =>
    app.commands.run({ id, articleId, type, payload }, who.person);
  const [block] = await app.rooms.use(articleId, (room) =>
    readBlocks(room.doc, 'en').filter((b) => b.content.length > 0),
  );
  const issue = {
    kind: 'language',
    language: 'en',
    blockId: block!.id,
    exact: 'ratifies',
    suggestion: 'ratified',
  } as const;
  const made = (await send(checker, 'annotation.create', issue, 'create')) as { annotationId: string };
  const both = await Promise.all([
    refusal(send(ky, 'suggestion.accept', made, 'accept-1')),
    refusal(send(editor, 'suggestion.accept', made, 'accept-2')),
  ]);
  expect(both.sort()).toEqual(['accepted', 'suggestion-decided']);
  expect(await send(checker, 'annotation.create', issue, 'create')).toEqual(made);

  // undo by hand of everything: the block goes and comes back, the annotation with it
  await app.rooms.use(articleId, async (room) => {
    const element = findBlockElement(room.doc, 'en', block!.id)!;
    const index = room.doc.getXmlFragment(textRoot('en')).toArray().indexOf(element);
    await room.transact(editor.person, (doc) => doc.getXmlFragment(textRoot('en')).delete(index, 1));
    expect(readAnnotations(room.doc)[0]!.anchorState).toBe('orphan');
  });
  await first.close();
  opened.length = 0;

  const second = await open(folder);
  await second.app.rooms.use(articleId, (room) => {
    const [annotation] = readAnnotations(room.doc);
    expect(annotation).toMatchObject({ anchorState: 'orphan', anchor: { exact: 'ratified' } });
    expect(annotation!.suggestion).toMatchObject({ status: 'accepted', replaced: 'ratifies' });
  });
  const again = { id: 'create', articleId, type: 'annotation.create', payload: issue } as const;
  expect(await second.app.commands.run(again, checker.person)).toEqual(made);
  expect(await refusal(second.app.commands.run(again, ky.person))).toBe('not-allowed');
  const kinds = (await second.app.storage.snapshots.list(articleId)).map(({ kind }) => kind);
  expect(kinds).toContain('automatic');
  const summary = await second.app.storage.articles.summary(articleId);
  expect(summary!.open.language).toBe(0); // accepting resolved it
});

async function open(dataFolder: string): Promise<TestApp> {
  const app = await startTestApp({ dataFolder });
  opened.push(app);
  return app;
}

async function people(app: TestApp): Promise<[TestPerson, TestPerson, TestPerson]> {
  return [
    await app.addPerson('editor'),
    await app.addPerson('translator', ['ky', 'en']),
    await app.addPerson('fact-checker'),
  ];
}
