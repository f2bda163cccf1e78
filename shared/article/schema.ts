// The ProseMirror schema of a text: a flat list of blocks. Importable by other editors (`@/shared/article/schema`);
// it knows nothing of Yjs and nothing of the server. Raise SCHEMA_VERSION whenever a document that this schema can hold
// could not be held by the version before: older clients are then read-only.
import { type MarkSpec, type NodeSpec, Schema } from 'prosemirror-model';

export const SCHEMA_VERSION = 1;

export const BLOCK_KINDS = ['paragraph', 'heading', 'listItem', 'quote', 'caption', 'byline', 'dateline'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export const MAX_HEADING_LEVEL = 4;
export const MAX_INDENT = 5;

/** Attributes of a `block` node. `level` counts for headings (1 to 4), `indent` and `ordered` for list items. */
export interface BlockAttributes {
  id: string | null;
  kind: BlockKind;
  level: number;
  indent: number;
  ordered: boolean;
}

const SAFE_LINK = /^(https?:\/\/|mailto:)[^\s]+$/i;

/** Whether an address may stand in a link: absolute http(s) or mailto, at most 2,048 characters. */
export function isSafeLink(href: unknown): href is string {
  return typeof href === 'string' && href.length <= 2048 && SAFE_LINK.test(href);
}

const TAG_OF_KIND: Record<BlockKind, string> = {
  paragraph: 'p',
  heading: 'h2',
  listItem: 'li',
  quote: 'blockquote',
  caption: 'figcaption',
  byline: 'p',
  dateline: 'p',
};

function blockKind(value: unknown): BlockKind {
  return BLOCK_KINDS.includes(value as BlockKind) ? (value as BlockKind) : 'paragraph';
}

const block: NodeSpec = {
  group: 'block',
  content: 'text*',
  marks: '_',
  defining: true,
  attrs: {
    id: { default: null },
    kind: { default: 'paragraph' },
    level: { default: 1 },
    indent: { default: 0 },
    ordered: { default: false },
  },
  parseDOM: [
    {
      tag: '[data-block]',
      priority: 60,
      getAttrs: (element) => ({
        id: null, // a pasted block is a new one; only cut-and-paste within an article keeps its words' anchors
        kind: blockKind(element.getAttribute('data-kind')),
        level: clampInteger(element.getAttribute('data-level'), 1, MAX_HEADING_LEVEL, 1),
        indent: clampInteger(element.getAttribute('data-indent'), 0, MAX_INDENT, 0),
        ordered: element.getAttribute('data-ordered') === 'true',
      }),
    },
    ...[1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      attrs: { kind: 'heading', level: Math.min(level, MAX_HEADING_LEVEL) },
    })),
    { tag: 'ol > li', attrs: { kind: 'listItem', ordered: true } },
    { tag: 'li', attrs: { kind: 'listItem' } },
    { tag: 'blockquote p', attrs: { kind: 'quote' } },
    { tag: 'blockquote', attrs: { kind: 'quote' } },
    { tag: 'figcaption', attrs: { kind: 'caption' } },
    { tag: 'p', attrs: { kind: 'paragraph' } },
  ],
  toDOM: (node) => {
    const { id, kind, level, indent, ordered } = node.attrs as BlockAttributes;
    const tag = kind === 'heading' ? `h${level}` : kind === 'listItem' ? 'p' : TAG_OF_KIND[kind];
    return [
      tag,
      {
        'data-block': id ?? '',
        'data-kind': kind,
        ...(kind === 'heading' ? { 'data-level': String(level) } : {}),
        ...(kind === 'listItem' ? { 'data-indent': String(indent), 'data-ordered': String(ordered) } : {}),
      },
      0,
    ];
  },
};

const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [
      {
        tag: 'a[href]',
        getAttrs: (element) => {
          const href = element.getAttribute('href');
          return isSafeLink(href) ? { href } : false;
        },
      },
    ],
    toDOM: (mark) => [
      'a',
      { href: isSafeLink(mark.attrs.href) ? mark.attrs.href : '#', rel: 'noopener noreferrer' },
      0,
    ],
  },
  bold: {
    parseDOM: [
      { tag: 'strong' },
      { tag: 'b', getAttrs: (element) => element.style.fontWeight !== 'normal' && null },
      { style: 'font-weight', getAttrs: (value) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null },
    ],
    toDOM: () => ['strong', 0],
  },
  italic: {
    parseDOM: [
      { tag: 'em' },
      { tag: 'i', getAttrs: (element) => element.style.fontStyle !== 'normal' && null },
      { style: 'font-style=italic' },
    ],
    toDOM: () => ['em', 0],
  },
};

/** The schema of every text. `doc` holds one or more `block`s; marks are `link`, `bold`, `italic`. */
export const articleSchema = new Schema({
  nodes: { doc: { content: 'block+' }, block, text: { group: 'inline' } },
  marks,
});

function clampInteger(value: unknown, low: number, high: number, fallback: number): number {
  const number = Number.parseInt(String(value), 10);
  return Number.isNaN(number) ? fallback : Math.min(high, Math.max(low, number));
}
