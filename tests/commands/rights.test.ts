// The table of rights as commands enforce it: every command, every role, against the table of the design written out again
// here by hand, so that a slip in one of the two shows.
import { toBase64 } from 'lib0/buffer';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { COMMAND_TYPES, type CommandType } from '../../shared/protocol/commands.ts';
import { type Newsroom, newsroom, refusal } from './memory.ts';

/** Who may: the editor, a translator of Russian, one of Kyrgyz who also copy-edits English, a fact-checker, a reader. */
const WHO = ['editor', 'ru', 'ky', 'checker', 'reader'] as const;
type Who = (typeof WHO)[number];
const ANNOTATORS: Who[] = ['editor', 'ru', 'ky', 'checker'];

/** The commands on the English text, or on the Russian where that is what they are about. */
const ALLOWED: Record<CommandType, Who[]> = {
  'annotation.create': ANNOTATORS,
  'annotation.reply': ANNOTATORS,
  'annotation.editMessage': ['checker'],
  'annotation.deleteMessage': ['checker'],
  'annotation.resolve': ANNOTATORS,
  'annotation.reopen': ANNOTATORS,
  'annotation.delete': ['editor', 'checker'],
  'annotation.change': ['editor', 'ky', 'checker'],
  'annotation.reattach': ANNOTATORS,
  'anchors.propose': ['editor', 'ky'],
  'suggestion.propose': ANNOTATORS,
  'suggestion.accept': ['editor', 'ky'],
  'suggestion.reject': ['editor', 'ky'],
  'suggestion.revert': ['editor', 'ky'],
  'claim.verdict': ['editor', 'checker'],
  'claim.statement': ['editor', 'checker'],
  'claim.addEvidence': ['editor', 'checker'],
  'claim.removeEvidence': ['editor', 'checker'],
  'review.confirm': ['editor', 'ru'],
  'review.withdraw': ['editor', 'ru'],
  'snapshot.create': ANNOTATORS,
  'snapshot.restore': ['editor'],
  'article.change': ['editor'],
  'article.addLanguage': ['editor'],
  'article.removeBlocks': ['editor', 'ky'],
  'article.setStanding': ['editor'],
};

const issue = { kind: 'language', language: 'en', blockId: 'lead', exact: 'transfered', suggestion: 'moved' } as const;
const claim = { kind: 'claim', language: 'en', blockId: 'body', exact: 'signed in May' } as const;

/** A payload of this command that succeeds for those who may, after making what it is about. */
async function payloadFor(type: CommandType, { send, people, annotation }: Newsroom): Promise<object> {
  const ofIssue = async () => send(people.checker, 'annotation.create', issue);
  const ofClaim = async () => send(people.checker, 'annotation.create', claim);
  switch (type) {
    case 'annotation.create':
      return issue;
    case 'annotation.reply':
      return { ...(await ofIssue()), body: 'Yes' };
    case 'annotation.editMessage':
    case 'annotation.deleteMessage': {
      const { annotationId } = await ofIssue();
      const messageId = annotation(annotationId).thread[0]!.id;
      return { annotationId, messageId, ...(type === 'annotation.editMessage' ? { body: 'x' } : {}) };
    }
    case 'annotation.change':
      return { ...(await ofIssue()), severity: 'major' };
    case 'anchors.propose': {
      const { annotationId } = await ofIssue();
      const range = { startBlock: 'lead', startOffset: 30, endBlock: 'lead', endOffset: 40 };
      return { anchors: [{ annotationId, ...range }] };
    }
    case 'suggestion.propose':
      return { ...(await ofIssue()), text: 'sent' };
    case 'suggestion.revert': {
      const made = await ofIssue();
      await send(people.editor, 'suggestion.accept', made);
      return made;
    }
    case 'claim.verdict':
      return { ...(await ofClaim()), verdict: 'true' };
    case 'claim.statement':
      return { ...(await ofClaim()), statement: 'It was signed' };
    case 'claim.addEvidence':
      return { ...(await ofClaim()), evidence: { url: 'https://example.org', stance: 'supports' } };
    case 'claim.removeEvidence': {
      const made = await ofClaim();
      await send(people.checker, 'claim.addEvidence', {
        ...made,
        evidence: { url: 'https://example.org', stance: 'supports' },
      });
      return { ...made, evidenceId: annotation(made.annotationId).claim!.evidence[0]!.id };
    }
    case 'review.confirm':
      return { language: 'ru', blockId: 'title', state: 'translated' };
    case 'review.withdraw':
      await send(people.ru, 'review.confirm', { language: 'ru', blockId: 'title', state: 'translated' });
      return { language: 'ru', blockId: 'title' };
    case 'snapshot.create':
      return { name: 'Before lunch' };
    case 'snapshot.restore':
      return { ...(await send(people.editor, 'snapshot.create', { name: 'x' })) };
    case 'article.change':
      return { title: 'Another title' };
    case 'article.addLanguage':
      return { language: 'uz' };
    case 'article.removeBlocks':
      return { blockIds: ['quote'] };
    case 'article.setStanding':
      return { personId: 'reader', standing: { role: 'translator', languages: ['ru'] } };
    default:
      return ofIssue();
  }
}

describe('rights', () => {
  it.each(COMMAND_TYPES)(
    'ACCESS-1 %s is for those whom the table allows it, and changes nothing for others',
    async (type) => {
      for (const who of WHO) {
        const desk = await newsroom();
        const payload = await payloadFor(type, desk);
        const before = toBase64(Y.encodeStateAsUpdate(desk.room.doc));
        const outcome = await refusal(desk.send(desk.people[who], type, payload as never));
        expect([who, outcome]).toEqual([who, ALLOWED[type].includes(who) ? 'accepted' : 'not-allowed']);
        if (outcome === 'not-allowed') expect(toBase64(Y.encodeStateAsUpdate(desk.room.doc))).toBe(before);
      }
    },
  );

  it('ACCESS-2 lets an article give a role of its own, at once, and take it back', async () => {
    const { send, people, commands, articleId, rooms } = await newsroom();
    const verdict = async () => {
      const { annotationId } = await send(people.editor, 'annotation.create', claim);
      return refusal(send(people.reader, 'claim.verdict', { annotationId, verdict: 'true' }));
    };
    expect(await verdict()).toBe('not-allowed');
    const standing = { role: 'fact-checker', languages: [] } as const;
    await send(people.editor, 'article.setStanding', { personId: 'reader', standing: { ...standing, languages: [] } });
    expect(rooms.rightsChangedFor).toContain('reader');
    expect(await commands.standingIn(articleId, people.reader)).toEqual(standing);
    expect(await verdict()).toBe('accepted');
    await send(people.editor, 'article.setStanding', { personId: 'reader', standing: null });
    expect(await verdict()).toBe('not-allowed');
    const nobody = send(people.editor, 'article.setStanding', { personId: 'nobody', standing: null });
    expect(await refusal(nobody)).toBe('person-not-found');
  });

  it('ACCESS-3 believes storage, not the caller, about a person: a removed one is signed out', async () => {
    const { send, people, storage } = await newsroom();
    await storage.people.change('checker', { role: 'reader' });
    expect(await refusal(send(people.checker, 'annotation.create', issue))).toBe('not-allowed');
    await storage.people.change('ru', { removedAt: 5 });
    expect(await refusal(send(people.ru, 'annotation.create', issue))).toBe('not-signed-in');
  });

  it('ACCESS-4 confirms as final, and withdraws that, only for an editor; reviews only in own languages', async () => {
    const { send, people } = await newsroom();
    const block = { language: 'ru', blockId: 'title' } as const;
    expect(await refusal(send(people.ru, 'review.confirm', { ...block, state: 'final' }))).toBe('not-allowed');
    expect(await refusal(send(people.ky, 'review.confirm', { ...block, state: 'reviewed', reason: 'x' }))).toBe(
      'not-allowed',
    );
    expect(await refusal(send(people.checker, 'review.confirm', { ...block, state: 'reviewed' }))).toBe('not-allowed');
    expect(await refusal(send(people.editor, 'review.confirm', { ...block, state: 'final' }))).toBe('accepted');
    expect(await refusal(send(people.ru, 'review.withdraw', block))).toBe('not-allowed');
  });
});
