// What all servers start from: one data folder of Köpürö with people and articles, the same articles as bytes for the others,
// and the long article with its history in the store of everybody who has one.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as Y from 'yjs';
import { createBlockElement, makeBlock, readBlocks } from '../../../shared/article/blocks.ts';
import { textRoot } from '../../../shared/article/roots.ts';
import { startTestApp, type TestApp, type TestPerson } from '../../support/app.ts';
import { makeLongArticle } from '../article.ts';
import type { ServerName } from './aims.ts';
import { typeHistory, writeHistory } from './history.ts';
import type { Article, Size, Task } from './task.ts';

const EDITORS = 50;
const READERS = 100;
const LANGUAGES = ['en', 'ru', 'ky'];
/** Enough that each writer has a paragraph. */
const BUSY_PARAGRAPHS = 60;
const SMALL_PARAGRAPHS = 5;
const ROWS_AT_ONCE = 5_000;

export interface Material {
  articles: Article[];
  editors: string[];
  readers: string[];
  /** Data folder of Köpürö with the articles. */
  folder: string;
}

export interface LongMaterial {
  /** For those who are fed over the wire. */
  long: NonNullable<Task['long']>;
  /** State vector of Köpürö's own copy: its server may write a little besides. */
  kopuroStateVector: Uint8Array;
  /** Data folders with the long article, by server. */
  folders: Partial<Record<ServerName, string>>;
}

/** Makes people and articles: the first one for many, the others for two. */
export async function prepare(folder: string, articles: number): Promise<Material> {
  await mkdir(folder, { recursive: true });
  const app = await startTestApp({ dataFolder: folder, config: { limits: UNLIMITED } });
  try {
    const editors: TestPerson[] = [];
    for (let index = 0; index < EDITORS; index += 1) editors.push(await app.addPerson('editor', [], `Editor ${index}`));
    const readers: TestPerson[] = [];
    for (let index = 0; index < READERS; index += 1) readers.push(await app.addPerson('reader', [], `Reader ${index}`));
    const made: Article[] = [await addArticle(app, editors[0]!, BUSY_PARAGRAPHS)];
    for (let index = 0; index < articles; index += 1) {
      made.push(await addArticle(app, editors[index % EDITORS]!, SMALL_PARAGRAPHS, index));
    }
    return {
      articles: made,
      editors: editors.map((person) => person.cookie),
      readers: readers.map((person) => person.cookie),
      folder,
    };
  } finally {
    await app.close();
  }
}

/** The long article, in a copy of Köpürö's folder, row by row as if it had been typed there, then at rest as after a week. */
export async function prepareLong(material: Material, folder: string, size: Size): Promise<LongMaterial> {
  const kopuro = join(folder, 'kopuro');
  await cp(material.folder, kopuro, { recursive: true });
  const app = await startTestApp({ dataFolder: kopuro, config: { limits: UNLIMITED } });
  try {
    const editors: TestPerson[] = [];
    for (let index = 0; index < 10; index += 1) editors.push(await app.addPerson('editor', [], `Author ${index}`));
    const made = makeLongArticle(size.words, LANGUAGES);
    const { body } = await app.call<{ id: string }>(editors[0]!, 'POST', '/api/articles', {
      title: 'The long article',
      sourceLanguage: 'en',
      targetLanguages: LANGUAGES.slice(1),
      format: 'md',
      content: made.markdown,
    });
    await app.app.rooms.drop(body.id);
    const doc = docOf(await stateOf(app, body.id));
    doc.clientID = 1_999;
    const translated: Uint8Array[] = [];
    const collect = (update: Uint8Array) => translated.push(update);
    doc.on('update', collect);
    const source = readBlocks(doc, 'en');
    for (const language of LANGUAGES.slice(1)) {
      const fragment = doc.getXmlFragment(textRoot(language));
      doc.transact(() => {
        if (fragment.length > 0) fragment.delete(0, fragment.length);
        fragment.push(
          source.map((block, index) =>
            createBlockElement(makeBlock(block.id, made.translations[language]![index] ?? '', block)),
          ),
        );
      });
    }
    doc.off('update', collect);
    const initial = Y.encodeStateAsUpdate(doc);
    const keystrokes = typeHistory(doc, LANGUAGES, size.keystrokes);

    const { log } = app.app.storage;
    const rows = [
      ...translated.map((update) => ({ update, client: 1_999, author: 0 })),
      ...keystrokes.map(({ update, client, author }) => ({ update, client, author })),
    ];
    const begun = Date.now() - rows.length * 1_000;
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await log.append(
        rows.slice(from, from + ROWS_AT_ONCE).map(({ update, client, author }, index) => ({
          articleId: body.id,
          personId: editors[author]!.id,
          at: begun + (from + index) * 1_000,
          update,
          clients: [client],
        })),
      );
    }
    // As it lies there after a session: compacted.
    const written = await log.load(body.id);
    await app.app.storage.archive.compact(body.id, written!.head);
    const kopuroStateVector = Y.encodeStateVector(docOf(await stateOf(app, body.id)));

    const history = join(folder, 'history.bin');
    await writeHistory(
      history,
      keystrokes.map(({ update }) => update),
    );
    const stateVector = Y.encodeStateVector(doc);
    return {
      long: { id: body.id, initial, stateVector, history },
      kopuroStateVector,
      folders: { kopuro },
    };
  } finally {
    await app.close();
  }
}

const UNLIMITED = { api: 1e9, imports: 1e9, signIn: 1e9, commands: 1e9 };

async function addArticle(app: TestApp, who: TestPerson, paragraphs: number, seed = 7): Promise<Article> {
  const { markdown } = makeLongArticle(paragraphs * 80, ['en'], seed + 1);
  const id = await app.addArticle(
    who,
    markdown.split('\n\n').filter((block) => !block.startsWith('#')),
  );
  return { id, state: await stateOf(app, id) };
}

async function stateOf(app: TestApp, articleId: string): Promise<Uint8Array> {
  const stored = await app.app.storage.log.load(articleId);
  if (stored === null) throw new Error(`no article ${articleId}`);
  return Y.encodeStateAsUpdate(docOf(...(stored.state ? [stored.state] : []), ...stored.tail));
}

function docOf(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

/** A folder of its own for one run. */
export async function freshFolder(folder: string, template: string | undefined): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (template) await cp(template, folder, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  else await writeFile(join(folder, '.empty'), '');
  return folder;
}
