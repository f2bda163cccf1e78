// How every block of every translation stands, kept up to date while people type: only blocks whose words or confirmations
// changed are looked at again, a moment after the keystroke, and at first only those that are on screen. The rule itself is shared/translation/review.ts.
import type * as Y from 'yjs';
import { blockText, readBlock } from '../../../shared/article/blocks.ts';
import { REVIEW_ROOT } from '../../../shared/article/roots.ts';
import {
  type BlockStatus,
  blockStatus,
  type ReviewRecord,
  readReview,
  wholePercent,
} from '../../../shared/translation/review.ts';
import { createValue, type Value } from '../../article/observable.ts';
import type { Observable } from '../../article/types.ts';
import type { ArticleStructure } from '../structure.ts';

const SETTLE_MS = 150;

export interface ReviewStatuses {
  status(language: string, blockId: string): BlockStatus;
  /** The same without the moment that it may be behind the last keystroke: for what is decided on it. */
  statusNow(language: string, blockId: string): BlockStatus;
  record(language: string, blockId: string): ReviewRecord | null;
  sourceText(blockId: string): string;
  /** Whether the source has this block, with words in it. */
  hasSource(blockId: string): boolean;
  /** A new number whenever some status changed. */
  readonly version: Observable<number>;
  /** Whole per cent of the source's words whose translation is confirmed. */
  progress(language: string): Observable<number>;
  destroy(): void;
}

const CONFIRMED: readonly BlockStatus[] = ['translated', 'reviewed', 'final'];

export function followStatuses(
  doc: Y.Doc,
  structure: ArticleStructure,
  source: string,
  targets: readonly string[],
): ReviewStatuses {
  const statuses = new Map<string, Map<string, BlockStatus>>(targets.map((language) => [language, new Map()]));
  const texts = new Map<string, string>();
  const words = new Map<string, number>();
  const version = createValue(0);
  const progress = new Map<string, Value<number>>(targets.map((language) => [language, createValue(0)]));
  const dirty = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const textOf = (language: string, id: string): string | null => {
    const element = structure.element(language, id);
    return element && blockText(readBlock(element));
  };

  function judge(id: string): boolean {
    const text = textOf(source, id) ?? '';
    texts.set(id, text);
    words.set(id, text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0);
    let changed = false;
    for (const language of targets) {
      const status = blockStatus(text, textOf(language, id), readReview(doc, language, id));
      const known = statuses.get(language)!;
      if (known.get(id) === status) continue;
      known.set(id, status);
      changed = true;
    }
    return changed;
  }

  function count(): void {
    const ids = structure
      .blocks(source)
      .get()
      .map(({ id }) => id);
    for (const language of targets) {
      const known = statuses.get(language)!;
      let total = 0;
      let confirmed = 0;
      for (const id of ids) {
        const length = words.get(id) ?? 0;
        total += length;
        if (CONFIRMED.includes(known.get(id) ?? 'missing')) confirmed += length;
      }
      progress.get(language)!.set(total === 0 ? 0 : wholePercent(confirmed / total));
    }
  }

  function settle(): void {
    timer = null;
    let changed = false;
    for (const id of dirty) changed = judge(id) || changed;
    dirty.clear();
    count();
    if (changed) version.set(version.get() + 1);
  }

  function touch(ids: Iterable<string>): void {
    for (const id of ids) if (id !== '') dirty.add(id);
    timer ??= setTimeout(settle, SETTLE_MS);
  }

  const review = doc.getMap(REVIEW_ROOT);
  const onReview = (event: Y.YMapEvent<unknown>) => {
    touch([...event.keysChanged].map((key) => key.slice(key.indexOf('/') + 1)));
  };
  review.observe(onReview);
  const stopWords = structure.onWords((_language, ids) => touch(ids));
  for (const language of [source, ...targets])
    touch(
      structure
        .blocks(language)
        .get()
        .map(({ id }) => id),
    );
  // A block that is asked for before its turn has come.
  const judged = (id: string): boolean => {
    if (id !== '' && !texts.has(id)) judge(id);
    return texts.has(id);
  };

  return {
    statusNow(language, id) {
      if (judge(id)) version.set(version.get() + 1);
      return statuses.get(language)?.get(id) ?? 'missing';
    },
    status: (language, id) => (judged(id) && statuses.get(language)?.get(id)) || 'missing',
    record: (language, id) => readReview(doc, language, id),
    hasSource: (id) => judged(id) && texts.get(id)!.trim() !== '',
    sourceText: (id) => (judged(id) ? texts.get(id)! : ''),
    version,
    progress: (language) => progress.get(language) ?? createValue(0),
    destroy() {
      if (timer !== null) clearTimeout(timer);
      stopWords();
      review.unobserve(onReview);
    },
  };
}
