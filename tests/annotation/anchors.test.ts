// Quotes and positions as pure functions: odd characters, several text nodes, many anchors at once.
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { buildArticleDoc } from '../../server/commands/creation.ts';
import { makeAnchor, resolveAnchors, resolveSpan } from '../../shared/annotation/anchors.ts';
import { findTarget, occurrences } from '../../shared/annotation/quotes.ts';
import { openText, spanText } from '../../shared/annotation/textView.ts';
import { type Block, findBlockElement, makeBlock } from '../../shared/article/blocks.ts';

const meta = { title: '', sourceLanguage: 'en', targetLanguages: [], deadline: null };
const docOf = (blocks: Block[]) => buildArticleDoc({ meta, texts: { en: blocks } });

describe('quotes', () => {
  it('ANCHOR-2 finds words by what they look like: composed or not, with no-break spaces or plain ones', () => {
    const decomposed = 'Кай'.normalize('NFD');
    const text = `1\u00a0мая ${decomposed} 👩‍👩‍👧 пришла`;
    expect(occurrences(text, '1 мая')).toEqual([{ start: 0, end: 5 }]);
    const [match] = occurrences(text, 'Кай'.normalize('NFC'));
    expect(text.slice(match!.start, match!.end)).toBe(decomposed);
    expect(occurrences(text, 'absent')).toEqual([]);
  });

  it('ANCHOR-1 keeps no half of a character in its context', () => {
    const doc = docOf([makeBlock('a', `${'🙂'.repeat(20)}x words here ${'🙂'.repeat(20)}`)]);
    const view = openText(doc, 'en');
    const anchor = makeAnchor(view, findTarget(view, { blockId: 'a', exact: 'words' }));
    expect(anchor.prefix.isWellFormed() && anchor.suffix.isWellFormed()).toBe(true);
  });

  it('ANCHOR-1 stands on words in a block of several text nodes', () => {
    const doc = docOf([makeBlock('a', 'one two ')]);
    const element = findBlockElement(doc, 'en', 'a')!;
    element.insert(1, [new Y.XmlText('three four')]);
    const view = openText(doc, 'en');
    const anchor = makeAnchor(view, findTarget(view, { blockId: 'a', exact: 'two three' }));
    const span = resolveSpan(view, anchor)!;
    expect([span.startOffset, span.endOffset, spanText(view, span)]).toEqual([4, 13, 'two three']);
  });
});

describe('many anchors', () => {
  it('ANCHOR-16 resolves two thousand from one reading of the text', () => {
    const blocks = Array.from({ length: 1_000 }, (_, index) =>
      makeBlock(
        `b${index}`,
        `Paragraph ${index} has some words that people like to discuss at length, and then some more.`,
      ),
    );
    const doc = docOf(blocks);
    const view = openText(doc, 'en');
    const annotations = Array.from({ length: 2_000 }, (_, index) => ({
      id: `a${index}`,
      language: 'en',
      anchorState: 'attached' as const,
      anchor: makeAnchor(
        view,
        findTarget(view, { blockId: `b${index >> 1}`, exact: index & 1 ? 'like to discuss' : 'has some words' }),
      ),
    }));
    const readings = vi.spyOn(doc, 'getXmlFragment');
    const ranges = resolveAnchors(doc, 'en', annotations);
    expect(readings).toHaveBeenCalledTimes(1);
    expect([...ranges.values()].map((range) => range.startBlock)).toEqual(
      annotations.map((_, index) => `b${index >> 1}`),
    );
  });
});
