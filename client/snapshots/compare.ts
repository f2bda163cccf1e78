// Two states of a text side by side, block by block and word by word. Pure.
import { type Block, blockText } from '../../shared/article/blocks.ts';
import { type DiffPart, wordDiff } from '../../shared/translation/diff.ts';

export interface ComparedBlock {
  /** Where the words stand: the block as it is after, or before if it is gone. */
  block: Block;
  change: 'same' | 'changed' | 'added' | 'removed';
  parts: DiffPart[];
}

/** Blocks in the order of `after`; those that are gone stand behind their last surviving neighbour. */
export function compareBlocks(before: readonly Block[], after: readonly Block[], language: string): ComparedBlock[] {
  const earlier = new Map(before.map((block) => [block.id, block]));
  const later = new Set(after.map((block) => block.id));
  const gone = goneAfter(before, later);
  const result: ComparedBlock[] = (gone.get('') ?? []).map(removed);
  for (const block of after) {
    const former = earlier.get(block.id);
    result.push(former ? compared(former, block, language) : added(block));
    result.push(...(gone.get(block.id) ?? []).map(removed));
  }
  return result;
}

/** The blocks of `before` that are gone, by the id of the surviving block that stood before them ('' for none). */
function goneAfter(before: readonly Block[], later: ReadonlySet<string>): Map<string, Block[]> {
  const gone = new Map<string, Block[]>();
  let survivor = '';
  for (const block of before) {
    if (later.has(block.id)) survivor = block.id;
    else gone.set(survivor, [...(gone.get(survivor) ?? []), block]);
  }
  return gone;
}

function compared(former: Block, block: Block, language: string): ComparedBlock {
  const parts = wordDiff(blockText(former), blockText(block), language);
  return { block, change: parts.some(({ kind }) => kind !== 'same') ? 'changed' : 'same', parts };
}

function added(block: Block): ComparedBlock {
  return { block, change: 'added', parts: [{ kind: 'added', text: blockText(block) }] };
}

function removed(block: Block): ComparedBlock {
  return { block, change: 'removed', parts: [{ kind: 'removed', text: blockText(block) }] };
}
