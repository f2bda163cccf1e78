// A text for reading: as it was, or with what has changed since.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../shared/article/blocks.ts';
import type { DiffPart } from '../../shared/translation/diff.ts';
import { Skeleton } from '../ui/display.tsx';
import { Inlines } from '../ui/Inlines.tsx';
import { type ComparedBlock, compareBlocks } from './compare.ts';

export function PlainText({ blocks, language }: { blocks: readonly Block[]; language: string }) {
  const { t } = useTranslation();
  if (blocks.every(({ content }) => content.length === 0))
    return <p className="paper-empty">{t('snapshots.noText')}</p>;
  return (
    <article className="paper" lang={language}>
      {blocks.map((block, index) => (
        <Words key={block.id || index} block={block}>
          <Inlines content={block.content} />
        </Words>
      ))}
    </article>
  );
}

export function ComparedText({
  before,
  after,
  language,
}: {
  before: readonly Block[];
  after: readonly Block[];
  language: string;
}) {
  const { t } = useTranslation();
  const compared = compareBlocks(before, after, language);
  const changed = compared.filter(({ change }) => change !== 'same').length;
  return (
    <>
      <p className="paper-changes" role="status">
        {changed === 0 ? t('snapshots.noChanges') : t('snapshots.changes', { count: changed })}
      </p>
      <article className="paper" lang={language}>
        {compared.map((one, index) => (
          <Words key={one.block.id || index} block={one.block} change={one.change}>
            {withOffsets(one.parts).map(({ part, offset }) => (
              <Difference key={offset} part={part} />
            ))}
          </Words>
        ))}
      </article>
    </>
  );
}

export function TextSkeleton() {
  return (
    <div className="paper" aria-busy="true">
      {['first', 'second', 'third', 'fourth'].map((row) => (
        <Skeleton key={row} height="4.6em" className="paper-skeleton" />
      ))}
    </div>
  );
}

function Words({ block, change, children }: { block: Block; change?: ComparedBlock['change']; children: ReactNode }) {
  const shape = {
    'data-kind': block.kind,
    'data-change': change,
    className: 'paper-block',
    style: block.kind === 'listItem' ? { marginInlineStart: `${1.2 + block.indent * 1.2}em` } : undefined,
  };
  if (block.kind === 'heading') {
    // The page has its own h1 and the snapshot its h2: the text's headings go below them.
    return block.level <= 1 ? <h3 {...shape}>{children}</h3> : <h4 {...shape}>{children}</h4>;
  }
  return block.kind === 'quote' ? <blockquote {...shape}>{children}</blockquote> : <p {...shape}>{children}</p>;
}

function Difference({ part }: { part: DiffPart }) {
  if (part.kind === 'removed') return <del>{part.text}</del>;
  return part.kind === 'added' ? <ins>{part.text}</ins> : part.text;
}

function withOffsets(parts: readonly DiffPart[]): { part: DiffPart; offset: number }[] {
  let end = 0;
  return parts.map((part) => {
    const offset = end;
    end += part.text.length + 1;
    return { part, offset };
  });
}
