// What lies over a text beside its words: how each block of a translation stands, who works where, and the places where a
// block is missing. Only what is near the window is made; everything is placed by the layout of the rows.
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { ReviewMark } from '../review/ReviewMark.tsx';
import { enterBlock } from '../sideways.ts';

/** This much above and below the window is made too, px. */
const MARGIN = 800;
/** Rows come and go in groups of so many, so that scrolling seldom renders. */
const STEP = 8;

interface Range {
  first: number;
  last: number;
}

export function Gutter({ language, editable }: { language: string; editable: boolean }) {
  const { workspace, statuses, meta } = useWorkspace();
  const { aligner, shown } = workspace;
  const people = useObservable(workspace.people).filter((person) => person.language === language);
  useObservable(statuses.version);
  const columns = useObservable(shown);
  const root = useRef<HTMLDivElement>(null);
  const range = useRef<Range>({ first: 0, last: 0 });
  const ownBlocks = useObservable(workspace.structure.blocks(language));
  const headings = useMemo(
    () => new Set(ownBlocks.filter(({ kind }) => kind === 'heading').map(({ id }) => id)),
    [ownBlocks],
  );
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);

  const measure = useCallback(() => {
    const scroller = root.current?.closest<HTMLElement>('.ws-scroller');
    if (!scroller) return false;
    const top = scroller.scrollTop - (root.current!.parentElement!.parentElement!.parentElement!.offsetTop ?? 0);
    const rows = aligner.layout.rows.ids.length;
    const first = Math.max(0, Math.floor(aligner.rowAt(top - MARGIN) / STEP) * STEP);
    const last = Math.min(rows, Math.ceil((aligner.rowAt(top + scroller.clientHeight + MARGIN) + 1) / STEP) * STEP);
    const changed = first !== range.current.first || last !== range.current.last;
    range.current = { first, last };
    return changed;
  }, [aligner]);

  useEffect(() => {
    const scroller = root.current?.closest('.ws-scroller');
    const onScroll = () => {
      if (measure()) renderAgain();
    };
    const onLayout = () => {
      measure();
      renderAgain();
    };
    scroller?.addEventListener('scroll', onScroll, { passive: true });
    const stop = aligner.onLayout(onLayout);
    // Not at once: while the columns are being made, each reading of the layout would lay them out once more.
    const frame = requestAnimationFrame(onLayout);
    return () => {
      cancelAnimationFrame(frame);
      scroller?.removeEventListener('scroll', onScroll);
      stop();
    };
  }, [aligner, measure]);

  const { rows, spacing } = aligner.layout;
  const column = columns.indexOf(language);
  const blocks = rows.blocks[column];
  const items = [];
  const isTarget = language !== meta.sourceLanguage;
  for (let row = range.current.first; blocks && row < Math.min(range.current.last, rows.ids.length); row++) {
    const rowId = rows.ids[row]!;
    const at = rowId.indexOf('@');
    const id = at < 0 ? rowId : rowId.slice(0, at);
    const top = spacing.tops[row]!;
    const height = spacing.tops[row + 1]! - top;
    const present = blocks[row]! >= 0;
    const here = present ? people.filter((person) => person.blockId === id) : [];
    if (here.length > 0) {
      items.push(
        <div
          key={`here ${rowId}`}
          className="ws-here"
          style={{ top, height, '--person': here[0]!.user.color } as React.CSSProperties}
        />,
      );
    }
    if (!isTarget || at >= 0) continue;
    if (present)
      items.push(<ReviewMark key={rowId} language={language} blockId={id} top={top} heading={headings.has(id)} />);
    else
      items.push(
        <MissingBlock key={rowId} language={language} blockId={id} top={top} height={height} editable={editable} />,
      );
  }
  return (
    <div className="ws-gutter" ref={root}>
      {items}
    </div>
  );
}

interface MissingProps {
  language: string;
  blockId: string;
  top: number;
  height: number;
  editable: boolean;
}

function MissingBlock({ language, blockId, top, height, editable }: MissingProps) {
  const { t } = useTranslation();
  const { workspace, statuses, meta } = useWorkspace();
  if (!statuses.hasSource(blockId)) return null;
  return (
    <div className="ws-missing" style={{ top, height }}>
      {editable ? (
        <Button
          variant="quiet"
          size="s"
          icon={<PlusIcon />}
          data-fill={blockId}
          onClick={() => enterBlock(workspace, language, blockId, meta.sourceLanguage)}
        >
          {t('workspace.missing.fill')}
        </Button>
      ) : (
        <span className="ws-missing-note">{t('workspace.missing.note')}</span>
      )}
    </div>
  );
}
