// Commands on an article as a whole: its facts, its languages, leftover blocks, who may do what in it; creating and removing.
import * as Y from 'yjs';
import { may } from '../../shared/access/roles.ts';
import { blockElements, blockId, blockText, readBlock } from '../../shared/article/blocks.ts';
import { newBlockId, randomId } from '../../shared/article/ids.ts';
import { articleLanguages, readMeta, writeMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import { figuresOf } from '../reactions/summary.ts';
import type { Storage } from '../storage/types.ts';
import { buildArticleDoc, type NewArticleInput, titleOf } from './creation.ts';
import { invalid, requireRight } from './requirements.ts';
import type { CommandDependencies, Handler } from './types.ts';

export const changeArticle: Handler<'article.change'> = {
  authorise: (context) => requireRight(context, 'manageArticle'),
  apply({ doc }, { title, deadline }) {
    writeMeta(doc, { ...(title === undefined ? {} : { title }), ...(deadline === undefined ? {} : { deadline }) });
    return { ok: true };
  },
};

export const addLanguage: Handler<'article.addLanguage'> = {
  authorise: (context) => requireRight(context, 'manageArticle'),
  apply({ doc }, { language }) {
    const meta = readMeta(doc);
    if (!articleLanguages(meta).includes(language)) {
      writeMeta(doc, { targetLanguages: [...meta.targetLanguages, language] });
    }
    return { ok: true };
  },
};

/** Takes leftovers out of the source, and with them target blocks of the same ids that hold no words. */
export const removeBlocks: Handler<'article.removeBlocks'> = {
  authorise: (context) => requireRight(context, 'editText', readMeta(context.doc).sourceLanguage),
  apply({ doc }, { blockIds }) {
    const { sourceLanguage, targetLanguages } = readMeta(doc);
    const wanted = new Set(blockIds);
    const present = new Set(blockElements(doc, sourceLanguage).map(blockId));
    const missing = blockIds.find((id) => !present.has(id));
    if (missing !== undefined) throw new KopuroError('block-not-found', { blockId: missing });
    for (const language of [sourceLanguage, ...targetLanguages]) {
      const fragment = doc.getXmlFragment(textRoot(language));
      for (const [index, child] of [...fragment.toArray().entries()].reverse()) {
        if (!(child instanceof Y.XmlElement) || !wanted.has(blockId(child))) continue;
        const empty = blockText(readBlock(child)).trim() === '';
        if (language === sourceLanguage || empty) fragment.delete(index, 1);
      }
    }
    return { ok: true };
  },
};

/** Role and languages of one person in this article. An editor of the newsroom may always, so that nobody is locked out. */
export const setStanding: Handler<'article.setStanding'> = {
  authorise(context) {
    if (!may({ role: context.person.role, languages: [] }, 'managePeople')) requireRight(context, 'manageArticle');
  },
  async prepare({ storage, rooms, articleId }, { personId, standing }) {
    const person = await storage.people.find(personId);
    if (!person || person.removedAt !== null) throw new KopuroError('person-not-found', { personId });
    await storage.articles.setStanding(articleId, personId, standing);
    await rooms.rightsChanged(personId);
    return () => ({ ok: true });
  },
};

/** See Commands.createArticle. */
export async function createArticle(
  { storage, now }: Pick<CommandDependencies, 'storage' | 'now'>,
  input: NewArticleInput,
  asker: Pick<Person, 'id'>,
  stillWanted: () => boolean = () => true,
): Promise<{ id: string; created: boolean }> {
  const person = await requireNewsroomRight(storage, asker.id, 'createArticle');
  if (input.targetLanguages.includes(input.sourceLanguage)) throw invalid('targetLanguages', 'the source language');
  const id = input.id ?? randomId();
  const blocks = input.blocks.map((block) => (block.id === '' ? { ...block, id: newBlockId() } : block));
  const meta = {
    title: input.title.trim() || titleOf(blocks),
    sourceLanguage: input.sourceLanguage,
    targetLanguages: input.targetLanguages,
    deadline: input.deadline,
  };
  const doc = buildArticleDoc({ meta, texts: { ...input.targets, [meta.sourceLanguage]: blocks } });
  if (!stillWanted()) throw givenUp();
  const at = now();
  const identity = { id, createdAt: at, createdBy: { id: person.id, name: person.name } };
  const summary = { ...identity, ...figuresOf(doc, at) };
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const created = await storage.articles.create({ id, ...meta, createdBy: person.id, createdAt: at, update, summary });
  if (!created && (await storage.articles.summary(id))?.createdBy.id !== person.id) {
    throw invalid('id', 'already in use');
  }
  if (created && !stillWanted()) {
    await storage.articles.remove(id); // nobody has heard of it yet
    throw givenUp();
  }
  return { id, created };
}

/** For the log: there is nobody left to read it. */
function givenUp(): KopuroError {
  return invalid('body', 'whoever asked for the article hung up');
}

/** See Commands.removeArticle. */
export async function removeArticle(
  { storage, rooms, articleRemoved }: Pick<CommandDependencies, 'storage' | 'rooms' | 'articleRemoved'>,
  articleId: string,
  asker: Pick<Person, 'id'>,
): Promise<void> {
  await requireNewsroomRight(storage, asker.id, 'managePeople');
  if (!(await storage.articles.summary(articleId))) throw new KopuroError('article-not-found');
  await storage.articles.remove(articleId);
  await rooms.drop(articleId);
  articleRemoved(articleId);
}

async function requireNewsroomRight(
  storage: Storage,
  personId: string,
  action: 'createArticle' | 'managePeople',
): Promise<Person> {
  const person = await storage.people.find(personId);
  if (!person || person.removedAt !== null) throw new KopuroError('not-signed-in');
  if (!may(person, action)) throw new KopuroError('not-allowed', { action });
  return person;
}
