// What a card shows and offers: word differences, rights, the columns of the claims board.
import { describe, expect, it } from 'vitest';
import { groupClaims } from '../../../client/claims/groups.ts';
import { cardRights, mayChangeMessage, mayRemoveEvidence } from '../../../client/margin/permissions.ts';
import { wordDifference } from '../../../client/margin/words.ts';
import type { Standing } from '../../../shared/access/roles.ts';
import type { Verdict } from '../../../shared/annotation/types.ts';
import { AIGUL, annotation, message, NURLAN } from './values.ts';

const EDITOR: Standing = { role: 'editor', languages: [] };
const RUSSIAN: Standing = { role: 'translator', languages: ['ru'] };
const CHECKER: Standing = { role: 'fact-checker', languages: [] };
const READER: Standing = { role: 'reader', languages: [] };

describe('cards', () => {
  it('MARGIN-16 show a suggestion word by word', () => {
    expect(wordDifference('has ratifies a bill', 'has ratified a bill', 'en')).toEqual([
      { kind: 'same', text: 'has ' },
      { kind: 'removed', text: 'ratifies' },
      { kind: 'added', text: 'ratified' },
      { kind: 'same', text: ' a bill' },
    ]);
    const kyrgyz = wordDifference('жаңы үй', 'эски үй', 'ky');
    expect(kyrgyz.filter(({ kind }) => kind !== 'same').map(({ text }) => text)).toEqual(['жаңы', 'эски']);
    expect(wordDifference('gone', '', 'en')).toEqual([{ kind: 'removed', text: 'gone' }]);
  });

  it('MARGIN-17 offer only what their reader may do', () => {
    const english = annotation('1', { kind: 'language' });
    const russian = annotation('2', { kind: 'language', language: 'ru' });
    expect(cardRights(READER, english, 'x')).toEqual({
      reply: false,
      resolve: false,
      remove: false,
      propose: false,
      decide: false,
      judge: false,
      changeStatement: false,
      changeCategory: false,
      reattach: false,
    });
    expect(cardRights(RUSSIAN, english, 'x')).toMatchObject({
      reply: true,
      propose: true,
      decide: false,
      judge: false,
    });
    expect(cardRights(RUSSIAN, russian, 'x')).toMatchObject({ decide: true, changeCategory: true, remove: false });
    expect(cardRights(CHECKER, russian, 'x')).toMatchObject({ decide: false, judge: true, changeStatement: true });
    expect(cardRights(EDITOR, russian, 'x')).toMatchObject({ decide: true, judge: true, remove: true });
  });

  it('MARGIN-17 let an author delete a note until somebody else has written in it, and only their own messages', () => {
    const own = annotation('1');
    expect(cardRights(RUSSIAN, own, AIGUL.id).remove).toBe(true);
    const answered = annotation('1', { thread: [...own.thread, message('2', NURLAN, 'reply')] });
    expect(cardRights(RUSSIAN, answered, AIGUL.id).remove).toBe(false);
    expect(mayChangeMessage(RUSSIAN, answered.thread[0]!, AIGUL.id)).toBe(true);
    expect(mayChangeMessage(RUSSIAN, answered.thread[1]!, AIGUL.id)).toBe(false);
    expect(mayChangeMessage(READER, answered.thread[0]!, AIGUL.id)).toBe(false);
    const evidence = {
      id: 'e',
      url: 'https://example.org',
      title: '',
      publisher: '',
      quote: '',
      stance: 'context' as const,
      accessedAt: 1,
      by: NURLAN,
    };
    expect(mayRemoveEvidence(CHECKER, evidence, NURLAN.id)).toBe(true);
    expect(mayRemoveEvidence(CHECKER, evidence, 'other')).toBe(false);
    expect(mayRemoveEvidence(EDITOR, evidence, 'other')).toBe(true);
  });
});

describe('claims board', () => {
  it('MARGIN-18 puts every claim into the column of its verdict, open ones and those that wait longest first', () => {
    const claim = (id: string, verdict: Verdict | null, change = {}) =>
      annotation(id, {
        kind: 'claim',
        claim: { statement: id, verdict, rationale: '', judgedBy: null, judgedAt: null, evidence: [] },
        ...change,
      });
    const groups = groupClaims([
      claim('late', null, { createdAt: 9 }),
      claim('early', null, { createdAt: 2 }),
      claim('closed', null, { createdAt: 1, status: 'resolved' }),
      claim('true', 'true'),
      claim('mostly', 'mostly-true', { createdAt: 2 }),
      claim('old', 'outdated'),
      claim('wrong', 'false'),
      annotation('a comment'),
    ]);
    const ids = Object.fromEntries(Object.entries(groups).map(([group, all]) => [group, all.map(({ id }) => id)]));
    expect(ids).toEqual({
      unchecked: ['early', 'late', 'closed'],
      sound: ['true', 'mostly'],
      doubtful: ['old'],
      false: ['wrong'],
    });
  });
});
