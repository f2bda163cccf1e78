// What typing at the start of a paragraph means: "# " a heading, "- " a list, "1. " a numbered one, "> " a quote.
import { InputRule, inputRules } from 'prosemirror-inputrules';
import type { Plugin } from 'prosemirror-state';
import { type BlockAttributes, MAX_HEADING_LEVEL } from '../../../shared/article/schema.ts';
import { attributesOf } from './structure.ts';

function blockRule(
  pattern: RegExp,
  attributes: (match: RegExpMatchArray) => Partial<BlockAttributes> | null,
): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const $start = state.doc.resolve(start);
    const changed = attributes(match);
    if ($start.depth !== 1 || !changed || attributesOf($start.parent).kind !== 'paragraph') return null;
    return state.tr.delete(start, end).setNodeMarkup($start.before(), null, { ...$start.parent.attrs, ...changed });
  });
}

/** The rules; Backspace right after one takes it back (`undoInputRule`). */
export function blockInputRules(): Plugin {
  return inputRules({
    rules: [
      blockRule(/^(#{1,4})\s$/, (match) => ({ kind: 'heading', level: Math.min(match[1]!.length, MAX_HEADING_LEVEL) })),
      blockRule(/^\s*[-*•]\s$/, () => ({ kind: 'listItem', ordered: false, indent: 0 })),
      blockRule(/^1[.)]\s$/, () => ({ kind: 'listItem', ordered: true, indent: 0 })),
      blockRule(/^>\s$/, () => ({ kind: 'quote' })),
    ],
  });
}
