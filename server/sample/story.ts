// What the sample newsroom did with the article, day by day, in the order in which it happened. Data only; seed.ts carries it
// out. Bodies are written in the language that these people would use. Sources are examples: their addresses lead to nobody's
// page, and their quotes are ours.
import type { Block } from '../../shared/article/blocks.ts';
import type { CommandType } from '../../shared/protocol/commands.ts';
import { SAMPLE_KYRGYZ } from './kyrgyz.ts';
import {
  SAMPLE_EDITOR,
  SAMPLE_FACT_CHECKER,
  SAMPLE_KYRGYZ_TRANSLATOR,
  SAMPLE_RUSSIAN_TRANSLATOR,
  type SamplePerson,
} from './people.ts';
import { SAMPLE_RUSSIAN } from './russian.ts';

interface When {
  by: SamplePerson;
  /** Days before the day on which the sample is made, and the time of that day in Bishkek. */
  daysAgo: number;
  time: string;
}

/** Somebody typed a text. */
export interface WriteStep extends When {
  write: { language: string; blocks: readonly Block[] };
}

/** Somebody gave a command. */
export interface CommandStep extends When {
  command: CommandType;
  payload: Record<string, unknown>;
  /** A name under which later steps know the annotation that this one makes. */
  as?: string;
  /** The name of the annotation that this step is about. */
  on?: string;
}

export type Step = WriteStep | CommandStep;

const aigul = SAMPLE_EDITOR;
const nina = SAMPLE_RUSSIAN_TRANSLATOR;
const bakyt = SAMPLE_KYRGYZ_TRANSLATOR;
const chynara = SAMPLE_FACT_CHECKER;

function mention({ name, id }: SamplePerson): string {
  return `@[${name}](${id})`;
}

function confirm(
  by: SamplePerson,
  daysAgo: number,
  time: string,
  language: string,
  state: 'translated' | 'reviewed' | 'final',
  blockIds: readonly string[],
): Step[] {
  return blockIds.map((blockId) => ({
    by,
    daysAgo,
    time,
    command: 'review.confirm',
    payload: { language, blockId, state },
  }));
}

const firstDay: Step[] = [
  { by: aigul, daysAgo: 5, time: '10:20', command: 'snapshot.create', payload: { name: 'As it came from the author' } },
  {
    by: bakyt,
    daysAgo: 5,
    time: '11:05',
    command: 'annotation.create',
    as: 'rotation',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-rotation',
      exact: 'now on the turn is Kyrgyzstan',
      category: 'awkward',
      severity: 'major',
      suggestion: 'now it is the turn of Kyrgyzstan',
      body: 'Word for word from Russian: «на очереди».',
    },
  },
  {
    by: nina,
    daysAgo: 5,
    time: '11:30',
    command: 'annotation.create',
    as: 'term',
    payload: {
      kind: 'comment',
      language: 'en',
      blockId: 'h-embassy',
      exact: 'Contact Point Embassy',
      body: `${mention(aigul)}, I have seen “Contact Embassy” as well. Which one do we take? I need one term for the Russian.`,
    },
  },
  {
    by: aigul,
    daysAgo: 5,
    time: '11:42',
    command: 'annotation.reply',
    on: 'term',
    payload: {
      body: `“Contact Point Embassy”: that is what the Alliance itself says. ${mention(nina)}, “контактное посольство” is fine.`,
    },
  },
  {
    by: bakyt,
    daysAgo: 5,
    time: '11:50',
    command: 'annotation.reply',
    on: 'term',
    payload: { body: 'Then it will be “байланыш элчилиги” in Kyrgyz.' },
  },
  { by: nina, daysAgo: 5, time: '12:10', command: 'annotation.resolve', on: 'term', payload: {} },
];

const translations: Step[] = [
  { by: nina, daysAgo: 4, time: '10:15', write: { language: 'ru', blocks: SAMPLE_RUSSIAN } },
  ...confirm(nina, 4, '12:30', 'ru', 'translated', [
    'headline',
    'byline',
    'dateline',
    'p-parliament',
    'p-rotation',
    'p-grants',
    'p-building',
    'caption',
    'h-embassy',
    'p-practice',
    'p-germany',
    'li-inform',
    'li-delegations',
    'li-applications',
  ]),
  ...confirm(aigul, 4, '16:05', 'ru', 'reviewed', ['headline', 'byline', 'dateline', 'p-parliament', 'h-embassy']),
  { by: bakyt, daysAgo: 3, time: '09:40', write: { language: 'ky', blocks: SAMPLE_KYRGYZ } },
  ...confirm(bakyt, 3, '11:15', 'ky', 'translated', ['headline', 'byline', 'dateline', 'p-parliament', 'caption']),
  ...confirm(aigul, 3, '15:20', 'ky', 'reviewed', ['headline', 'byline']),
  ...confirm(aigul, 3, '15:25', 'ru', 'final', ['byline', 'dateline']),
];

const wording: Step[] = [
  { by: aigul, daysAgo: 3, time: '15:40', command: 'suggestion.accept', on: 'rotation', payload: {} },
  { by: aigul, daysAgo: 3, time: '15:41', command: 'annotation.resolve', on: 'rotation', payload: {} },
  {
    by: nina,
    daysAgo: 3,
    time: '16:10',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-parliament',
      exact: 'have given their agreement to the document, by which',
      category: 'awkward',
      severity: 'major',
      suggestion: 'approved the document under which',
      body: 'A calque of «дали согласие на документ, по которому».',
    },
  },
  {
    by: nina,
    daysAgo: 3,
    time: '16:14',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-grants',
      exact: 'they wait from this neighbourhood the grants and a military-technical help',
      category: 'grammar',
      severity: 'major',
      suggestion: 'they expect grants and military-technical assistance from their new neighbour',
    },
  },
  {
    by: bakyt,
    daysAgo: 2,
    time: '10:02',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-germany',
      exact: 'In the circle of duties of such embassy enter',
      category: 'awkward',
      severity: 'major',
      suggestion: 'The duties of such an embassy are',
      body: '«В круг обязанностей входят». “Circle of duties” does not exist in English.',
    },
  },
  {
    by: aigul,
    daysAgo: 2,
    time: '10:20',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'quote',
      exact: 'more simple',
      category: 'grammar',
      severity: 'minor',
      suggestion: 'simpler',
    },
  },
  {
    by: bakyt,
    daysAgo: 2,
    time: '10:31',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-umbrella',
      exact: 'to what to it one more umbrella?',
      category: 'mistranslation',
      severity: 'critical',
      suggestion: 'so why would it need one more umbrella?',
    },
  },
  {
    by: nina,
    daysAgo: 2,
    time: '10:45',
    command: 'annotation.create',
    as: 'louder',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'p-shanghai',
      exact: 'sounds always louder',
      category: 'style',
      severity: 'minor',
      suggestion: 'is becoming decisive',
    },
  },
  {
    by: aigul,
    daysAgo: 2,
    time: '11:10',
    command: 'annotation.reply',
    on: 'louder',
    payload: { body: 'That says more than the author does. “Grows ever louder” would do; I will ask him.' },
  },
  { by: aigul, daysAgo: 2, time: '11:11', command: 'suggestion.reject', on: 'louder', payload: {} },
  {
    by: bakyt,
    daysAgo: 2,
    time: '11:25',
    command: 'annotation.create',
    payload: {
      kind: 'language',
      language: 'en',
      blockId: 'li-trips',
      exact: 'in the headquarters',
      category: 'accuracy',
      severity: 'minor',
      body: 'Whose headquarters? There are several in Belgium.',
    },
  },
];

const discussion: Step[] = [
  {
    by: aigul,
    daysAgo: 2,
    time: '14:05',
    command: 'annotation.create',
    as: 'relay',
    payload: {
      kind: 'comment',
      language: 'ru',
      blockId: 'p-germany',
      exact: 'принявшая эстафету у Турции',
      body: `${mention(nina)}, может быть, проще: «сменившая Турцию»? Эстафета — это из отчётного доклада.`,
    },
  },
  {
    by: nina,
    daysAgo: 2,
    time: '14:30',
    command: 'annotation.reply',
    on: 'relay',
    payload: { body: 'Согласна, но подожду, пока поправят английский: там сейчас та же «эстафета».' },
  },
  {
    by: aigul,
    daysAgo: 1,
    time: '09:50',
    command: 'annotation.create',
    as: 'neighbourhood',
    payload: {
      kind: 'comment',
      language: 'ky',
      blockId: 'p-grants',
      exact: 'жаңы коңшулук',
      body: `${mention(bakyt)}, бул жерде «жаңы коңшу» десек түшүнүктүүрөөк болбойбу?`,
    },
  },
  {
    by: bakyt,
    daysAgo: 1,
    time: '10:05',
    command: 'annotation.reply',
    on: 'neighbourhood',
    payload: { body: 'Болот. Англисче текст такталгандан кийин сүйлөмдү кайра карап чыгам.' },
  },
];

const claims: Step[] = [
  {
    by: bakyt,
    daysAgo: 2,
    time: '15:10',
    command: 'annotation.create',
    as: 'osh',
    payload: {
      kind: 'claim',
      language: 'en',
      blockId: 'p-osh',
      exact: 'the help by the line of the CSTO did not come',
      statement: 'The CSTO sent no forces to Kyrgyzstan during the violence of June 2010.',
      body: 'Readers will argue about this sentence. Please check.',
    },
  },
  {
    by: chynara,
    daysAgo: 1,
    time: '10:30',
    command: 'claim.addEvidence',
    on: 'osh',
    payload: {
      evidence: {
        url: 'https://archive.example.org/2010/06/csto-consultations',
        title: 'Secretaries of the security councils meet on the south of Kyrgyzstan',
        publisher: 'Example Archive',
        quote: 'The participants agreed on equipment and advice; a decision on sending forces was not taken.',
        stance: 'supports',
      },
    },
  },
  {
    by: chynara,
    daysAgo: 1,
    time: '10:44',
    command: 'claim.addEvidence',
    on: 'osh',
    payload: {
      evidence: {
        url: 'https://news.example.com/2010/06/helicopters-promised',
        title: 'Allies promise helicopters and fuel',
        publisher: 'Example News',
        quote: 'Technical means for the police of the south are being prepared for shipment.',
        stance: 'contradicts',
      },
    },
  },
  {
    by: chynara,
    daysAgo: 1,
    time: '11:00',
    command: 'claim.verdict',
    on: 'osh',
    payload: {
      verdict: 'mostly-true',
      rationale:
        'No forces were sent, and that is what readers will understand. But some material help was promised, so “no help came” says too much. Better: “no peacekeepers came”.',
    },
  },
  {
    by: aigul,
    daysAgo: 1,
    time: '11:20',
    command: 'annotation.reply',
    on: 'osh',
    payload: { body: `Thank you, ${mention(chynara)}. I will change it to “peacekeepers” when the wording is done.` },
  },
  {
    by: nina,
    daysAgo: 2,
    time: '15:30',
    command: 'annotation.create',
    as: 'first-place',
    payload: {
      kind: 'claim',
      language: 'en',
      blockId: 'p-pause',
      exact: 'By the quantity of joint programmes Kazakhstan, as before, is on the first place in the region',
      statement: 'Kazakhstan has more joint programmes with NATO than any other country of Central Asia.',
    },
  },
  {
    by: chynara,
    daysAgo: 1,
    time: '14:10',
    command: 'claim.addEvidence',
    on: 'first-place',
    payload: {
      evidence: {
        url: 'https://www.nato.int/',
        title: 'Partners: Central Asia',
        publisher: 'NATO',
        quote: 'Kazakhstan has had an Individual Partnership Action Plan since 2006.',
        stance: 'context',
      },
    },
  },
  {
    by: chynara,
    daysAgo: 1,
    time: '14:25',
    command: 'claim.verdict',
    on: 'first-place',
    payload: {
      verdict: 'unsupported',
      rationale:
        'Nobody publishes such a count. The action plan shows that the cooperation is closer than elsewhere in the region, not that the programmes are more numerous. Ask the author for a source, or say “closest partner”.',
    },
  },
  {
    by: nina,
    daysAgo: 1,
    time: '15:00',
    command: 'annotation.create',
    payload: {
      kind: 'claim',
      language: 'en',
      blockId: 'p-rotation',
      exact: 'moves from one capital to another each three years',
      statement: 'NATO’s liaison office in Central Asia moves to another capital every three years.',
      body: `${mention(chynara)}, is three years a rule, or did it only happen so?`,
    },
  },
];

const today: Step[] = [
  ...confirm(bakyt, 1, '16:00', 'ky', 'translated', ['p-rotation', 'h-embassy']),
  {
    by: chynara,
    daysAgo: 1,
    time: '16:20',
    command: 'annotation.create',
    payload: {
      kind: 'comment',
      language: 'en',
      blockId: 'p-senate',
      exact: 'on 9 June',
      body: 'The date agrees with the Senate’s own announcement. No claim needed here.',
    },
  },
];

/** The steps by time. The last one is a command: that it was carried out shows that everything was. */
export const SAMPLE_STORY: readonly Step[] = [
  ...firstDay,
  ...translations,
  ...wording,
  ...discussion,
  ...claims,
  ...today,
].sort((a, b) => b.daysAgo - a.daysAgo || (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
