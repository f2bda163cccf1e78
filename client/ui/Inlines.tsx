// A block's words with their marks, for reading. Links show as such and lead nowhere: this is a look at a text, not the text.
import type { Inline } from '../../shared/article/blocks.ts';

export function Inlines({ content }: { content: readonly Inline[] }) {
  let offset = 0;
  return content.map((run) => {
    const key = offset;
    offset += run.text.length;
    let words = <>{run.text}</>;
    if (run.italic) words = <em>{words}</em>;
    if (run.bold) words = <strong>{words}</strong>;
    return (
      <span key={key} className={run.link ? 'inline-link' : undefined} title={run.link}>
        {words}
      </span>
    );
  });
}
