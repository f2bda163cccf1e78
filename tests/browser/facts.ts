// What the server holds, asked over REST: tests make their articles with it and compare what windows show with it.
import type { Page } from 'playwright-core';
import type { Annotation } from '../../shared/annotation/types.ts';
import { type Block, blockText } from '../../shared/article/blocks.ts';
import type { Person } from '../../shared/protocol/rest.ts';

/** Asks as the person of a window. Throws unless the answer is a success. */
export async function ask<T>(
  page: Page,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  data?: unknown,
): Promise<T> {
  const answer = await page.request.fetch(path, { method, ...(data === undefined ? {} : { data }) });
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
  return (answer.status() === 204 ? null : await answer.json()) as T;
}

/** Makes an English article of plain paragraphs with Russian and Kyrgyz to come. */
export async function createArticle(page: Page, title: string, paragraphs: string[]): Promise<string> {
  const { id } = await ask<{ id: string }>(page, 'POST', '/api/articles', {
    title,
    sourceLanguage: 'en',
    targetLanguages: ['ru', 'ky'],
    format: 'txt',
    content: paragraphs.join('\n\n'),
  });
  return id;
}

export async function readBlocks(page: Page, articleId: string, language: string): Promise<Block[]> {
  const { blocks } = await ask<{ blocks: Block[] }>(
    page,
    'GET',
    `/api/articles/${articleId}/texts/${language}?format=json`,
  );
  return blocks;
}

export async function readWords(page: Page, articleId: string, language: string): Promise<string[]> {
  return (await readBlocks(page, articleId, language)).map(blockText);
}

export async function readAnnotations(page: Page, articleId: string): Promise<Annotation[]> {
  return (await ask<{ annotations: Annotation[] }>(page, 'GET', `/api/articles/${articleId}/annotations`)).annotations;
}

export async function sampleArticle(page: Page): Promise<string> {
  return (await ask<{ articles: { id: string }[] }>(page, 'GET', '/api/articles')).articles[0]!.id;
}

export async function currentPerson(page: Page): Promise<Person> {
  return (await ask<{ person: Person }>(page, 'GET', '/api/session')).person;
}
