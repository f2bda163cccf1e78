// What the root `meta` holds: the facts about an article that everybody in it sees live. Written by the server only.
import type * as Y from 'yjs';
import { META_ROOT } from './roots.ts';

export interface ArticleMeta {
  title: string;
  sourceLanguage: string;
  targetLanguages: string[];
  /** Epoch ms; null while no deadline is set. */
  deadline: number | null;
}

export function readMeta(doc: Y.Doc): ArticleMeta {
  const meta = doc.getMap(META_ROOT);
  const targets: unknown = meta.get('targetLanguages');
  const deadline: unknown = meta.get('deadline');
  return {
    title: String(meta.get('title') ?? ''),
    sourceLanguage: String(meta.get('sourceLanguage') ?? 'en'),
    targetLanguages: Array.isArray(targets) ? targets.map(String) : [],
    deadline: typeof deadline === 'number' ? deadline : null,
  };
}

/** Sets the given fields. Call it inside a server transaction. */
export function writeMeta(doc: Y.Doc, change: Partial<ArticleMeta>): void {
  const meta = doc.getMap(META_ROOT);
  for (const [key, value] of Object.entries(change)) meta.set(key, value);
}

/** All languages of an article, the source first. */
export function articleLanguages(meta: Pick<ArticleMeta, 'sourceLanguage' | 'targetLanguages'>): string[] {
  return [meta.sourceLanguage, ...meta.targetLanguages];
}
