// An article as one copies it from an old news site: a scrap of navigation, byline, one line a paragraph, a list after a
// colon, a caption's arrow, a date at the end; with the litter such copies have. Ours from the first word to the last.

export const COPIED_ARTICLE = [
  'Home',
  '',
  'A Ferry Comes Back to the Lake',
  '',
  'By Gulnara Abdyldaeva',
  '',
  'The\u00A0ferry that crossed the lake until the nineties shall again go between two villages, as the district has told.',
  '',
  'The duties of the new crew include:',
  'to carry the passengers and the mail',
  'to look after the moorings at both shores',
  'to teach two pupils from the local school every summer – if the parents agree.',
  '',
  'Money for the repair was found  with difficulty. The\u200B village gathered a third, the rest gave the district.',
  ' \u00A0',
  '',
  '> Map of the Crossing',
  ' ',
  '"We will see whether it swims", -- said the captain, who on it worked twenty years ago.',
  '',
  '',
  '03.09.2012',
].join('\n');
