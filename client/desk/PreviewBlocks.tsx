// The blocks as they were read, like on paper; suspected leftovers carry a box to leave them out.
import { useTranslation } from 'react-i18next';
import { type Block, blockText } from '../../shared/article/blocks.ts';
import type { ImportPreview } from '../../shared/protocol/rest.ts';
import { useFormats } from '../app/use-formats.ts';
import { Checkbox } from '../ui/Field.tsx';
import { Inlines } from '../ui/Inlines.tsx';

export interface PreviewBlocksProps {
  preview: ImportPreview;
  language: string;
  omitted: ReadonlySet<number>;
  onOmit: (omitted: ReadonlySet<number>) => void;
}

export function PreviewBlocks({ preview, language, omitted, onOmit }: PreviewBlocksProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const suspects = new Map(preview.suspects.map(({ index, reason }) => [index, reason]));
  const change = (index: number, leaveOut: boolean) => {
    const next = new Set(omitted);
    if (leaveOut) next.add(index);
    else next.delete(index);
    onOmit(next);
  };
  return (
    <div className="preview">
      <h3>
        {t('import.blockCount', { count: preview.blocks.length, formatted: formats.number(preview.blocks.length) })}
      </h3>
      {suspects.size > 0 && <p className="soft">{t('import.suspects', { count: suspects.size })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section className="preview-paper" aria-label={t('import.blocks')} tabIndex={0}>
        {preview.blocks.map((block, index) => {
          const reason = suspects.get(index);
          const words = (
            <p
              className="preview-block"
              data-kind={block.kind}
              data-level={block.kind === 'heading' ? block.level : undefined}
              data-omitted={omitted.has(index) || undefined}
              style={block.kind === 'listItem' ? { marginInlineStart: `${1.2 + block.indent * 1.2}em` } : undefined}
              lang={language}
            >
              <Inlines content={block.content} />
            </p>
          );
          return (
            // The blocks of one preview never change places.
            <div key={keyOf(block, index)} className={reason ? 'preview-suspect' : undefined}>
              {words}
              {reason && (
                <Checkbox checked={omitted.has(index)} onChange={(checked) => change(index, checked)}>
                  {t('import.leaveOut')}
                  <span className="visually-hidden">: {blockText(block).slice(0, 80)}</span>
                  <span className="soft"> · {t(`import.reasons.${reason}`)}</span>
                </Checkbox>
              )}
            </div>
          );
        })}
      </section>
    </div>
  );
}

function keyOf(block: Block, index: number): string {
  return block.id === '' ? String(index) : block.id;
}
