// What single lines of an article are by their words alone: bylines, datelines, leftovers of a web page. Context (where in
// the article they stand) is the business of those who ask.

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|' +
  'январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ьяу]|июл[ьяу]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]';
const NUMERIC = String.raw`\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}`;
const WEEKDAY = String.raw`(?:\p{L}{5,12},\s*)?`;
const WORDED =
  String.raw`(?:\d{1,2}(?:st|nd|rd|th)?(?:-|\s+)(?:of\s+)?(?:${MONTHS})\.?|(?:${MONTHS})\.?\s+\d{1,2}(?:st|nd|rd|th)?)` +
  String.raw`(?:,?\s*\d{4}(?:\s*(?:г\.?|года|ж\.?|-?жыл(?:ы)?))?)?|\d{4}-жылдын\s+\d{1,2}-\p{L}+`;
const TIME = String.raw`(?:[,\s]+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s*(?:am|pm))?)?`;
const DATE = String.raw`${WEEKDAY}(?:${NUMERIC}|${WORDED})${TIME}\.?`;
const DATE_ALONE = new RegExp(`^${DATE}$`, 'iu');
const PLACE_AND_DATE = new RegExp(String.raw`^\p{Lu}[\p{L}\s.'’-]{1,40}[,.–—:-]\s*${DATE}$`, 'iu');

const BYLINE = /^(?:by\s+(?=\p{Lu})|(?:written\s+by|author|автор|автору|текст|жазган)\s*[:–—]?\s+(?=\p{Lu}))/iu;
const NAME_AFTER_BY = /^by\s+\p{Lu}/iu;

const NAVIGATION_WORDS = new Set(
  [
    'home|home page|main|main page|menu|site map|sitemap|search|contact|contacts|contact us|about|about us|log in|login|sign in',
    'sign up|register|subscribe|share|print|print version|printable version|email|e-mail|send|back|back to top|top|up|next',
    'previous|read more|more|more news|related articles|see also|comments|rss|advertisement|skip to content|archive|news|all news',
    'главная|главная страница|на главную|меню|карта сайта|поиск|контакты|о нас|вход|войти|регистрация|подписаться|поделиться',
    'печать|версия для печати|назад|наверх|вперёд|далее|читать далее|подробнее|ещё|читайте также|комментарии|реклама|архив|новости',
    'башкы бет|меню|издөө|байланыш|биз жөнүндө|кирүү|катталуу|бөлүшүү|басып чыгаруу|артка|өйдө|кийинки|толугу менен|жаңылыктар|архив|жарнама',
  ].flatMap((line) => line.split('|')),
);
const POINTER = /^[>»›→▸►]{1,2}\s*(?=\S)/u;
/** Also keeps the patterns from long texts, on which they would be slow. */
const LONGEST_LEFTOVER = 200;
const PICTURE_WORDS = /\b(?:map|photo|picture|image|gallery|video)s?\b|карта|карты|фото|видео|галерея|сүрөт|тасма/iu;

/** "By Aigul Sadykova". */
export function looksLikeByline(text: string): boolean {
  if (
    text.length > LONGEST_LEFTOVER ||
    !BYLINE.test(text) ||
    wordCount(text) > 9 ||
    /[.!?]$/.test(text.replace(/\b\p{Lu}\.$/u, ''))
  )
    return false;
  // "By" begins sentences too: then what follows are names, capital letters all the way.
  if (!NAME_AFTER_BY.test(text)) return true;
  return text
    .split(/\s+/)
    .slice(1)
    .every((word) => /^[\p{Lu}(]/u.test(word) || /^(?:and|for|of|the|de|van|von|uulu|kyzy|in|,)$/iu.test(word));
}

/** A date and nothing else. */
export function looksLikeDate(text: string): boolean {
  return text.length <= 60 && DATE_ALONE.test(text);
}

/** "Bishkek, 12 June 2011", or a date alone. */
export function looksLikeDateline(text: string): boolean {
  return text.length <= 80 && (looksLikeDate(text) || PLACE_AND_DATE.test(text));
}

/** What a short line left over from a web page is, or null. */
export function leftover(text: string): 'navigation' | 'image-link' | null {
  if (text.length > LONGEST_LEFTOVER) return null;
  const pointed = POINTER.test(text);
  const words = text.replace(POINTER, '').trim();
  if (
    NAVIGATION_WORDS.has(
      words
        .toLowerCase()
        .replace(/[.:»›>…]+$/u, '')
        .trim(),
    )
  )
    return 'navigation';
  if (/^(?:[\p{L}\d][\p{L}\d ]{0,30}\s*[>»›|/]\s*){2,}[\p{L}\d][\p{L}\d ]{0,60}$/u.test(text)) return 'navigation'; // a trail of crumbs
  if (/^(?:©|\(c\)|copyright\b)/iu.test(text) && wordCount(text) <= 20) return 'navigation';
  if (!pointed || wordCount(words) > 8 || /[.!?…]["”»’]?$/u.test(words)) return null;
  return PICTURE_WORDS.test(words) ? 'image-link' : 'navigation';
}

export function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
}

/** Could be a headline: a line that is short and is no sentence. */
export function looksLikeTitle(text: string, maximum = 160): boolean {
  return (
    text.length <= maximum &&
    /^[\p{Lu}\d«"“‘'(]/u.test(text) &&
    !/[.;:,…]$/u.test(text) &&
    !looksLikeByline(text) &&
    !looksLikeDateline(text) &&
    leftover(text) === null
  );
}
