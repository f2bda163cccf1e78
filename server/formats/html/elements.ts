// What the elements and attributes of a page mean to us: tables and small decisions, nothing that remembers.
import { type BlockKind, MAX_HEADING_LEVEL } from '../../../shared/article/schema.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Where one of these begins or ends, a block ends. */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 head header hr html legend li main menu nav ol option p pre search section summary table tbody ' +
    'tfoot thead tr ul title'
  ).split(' '),
);

/** Their text is no part of what people read. */
export const WORDLESS_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'script style template noscript iframe object embed applet frame frameset noframes noembed svg math canvas audio video ' +
    'select datalist button textarea title'
  ).split(' '),
);

/** Those of them that run something or bring somebody else's page in. */
export const SCRIPTED_ELEMENTS: ReadonlySet<string> = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'applet',
  'frame',
]);

const NAVIGATION_ELEMENTS: ReadonlySet<string> = new Set(['nav', 'aside', 'footer', 'menu', 'search']);
const NAVIGATION_ROLES = /^(?:navigation|banner|contentinfo|complementary|search|menu|menubar|toolbar|dialog)$/i;
const NAVIGATION_NAMES =
  /(?:^|[\s_-])(?:nav(?:igation|bar)?|menu|breadcrumbs?|sidebar|footer|share|sharing|social|cookies?|banner|related|comments?|pagination|advert(?:isement)?s?|ads?|newsletter|subscribe|tags)(?:$|[\s_-])/i;
const HIDDEN_STYLE = /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

/** Whether the page itself says that this is beside its text. */
export function isNavigation(name: string, attributes: Attributes): boolean {
  if (name === 'body' || name === 'html' || name === 'article' || name === 'main') return false;
  return (
    NAVIGATION_ELEMENTS.has(name) ||
    NAVIGATION_ROLES.test(attributes.role ?? '') ||
    attributes.hidden !== undefined ||
    HIDDEN_STYLE.test(attributes.style ?? '') ||
    (/^(?:div|section|ul|ol|header|table|td|p|span|a)$/.test(name) &&
      NAVIGATION_NAMES.test(`${attributes.class ?? ''} ${attributes.id ?? ''}`))
  );
}

/** The kind of block that an element makes, or null if it makes none of its own. */
export function kindOf(
  name: string,
  attributes: Attributes,
): { kind: BlockKind; level: number; explicit?: true } | null {
  const heading = /^h([1-6])$/.exec(name);
  if (heading) return { kind: 'heading', level: Math.min(MAX_HEADING_LEVEL, Number(heading[1])) };
  if (name === 'blockquote') return { kind: 'quote', level: 1 };
  if (name === 'figcaption' || name === 'caption') return { kind: 'caption', level: 1 };
  const named = namedKind(attributes);
  if (named !== null && /^(?:p|div|span|address|time)$/.test(name)) return { kind: named, level: 1, explicit: true };
  return name === 'p' ? { kind: 'paragraph', level: 1 } : null;
}

function namedKind(attributes: Attributes): BlockKind | null {
  const classes = (attributes.class ?? '').toLowerCase().split(/\s+/);
  if (classes.includes('byline')) return 'byline';
  if (classes.includes('dateline')) return 'dateline';
  return classes.includes('paragraph') ? 'paragraph' : null;
}

/** Bold and italic inside an element. */
export function marksOf(
  name: string,
  attributes: Attributes,
  outer: { bold: boolean; italic: boolean },
): { bold: boolean; italic: boolean } {
  const style = attributes.style ?? '';
  const weight = /font-weight\s*:\s*([\w]+)/i.exec(style)?.[1]?.toLowerCase();
  const slant = /font-style\s*:\s*(\w+)/i.exec(style)?.[1]?.toLowerCase();
  const bold = name === 'strong' || name === 'b' || outer.bold;
  const italic = name === 'em' || name === 'i' || outer.italic;
  return {
    bold: weight === undefined ? bold : /^(?:bold|bolder|[6-9]00)$/.test(weight) || (weight === 'inherit' && bold),
    italic: slant === undefined ? italic : slant === 'italic' || slant === 'oblique',
  };
}
