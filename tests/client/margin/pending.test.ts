// Waiting commands laid over the shared annotations.
import { describe, expect, it } from 'vitest';
import type { PendingCommand } from '../../../client/article/types.ts';
import { withPending } from '../../../client/margin/pending.ts';
import type { Annotation } from '../../../shared/annotation/types.ts';
import type { CommandInput, CommandType } from '../../../shared/protocol/commands.ts';
import { AIGUL, annotation, NURLAN } from './values.ts';

const waiting = <T extends CommandType>(id: string, type: T, payload: CommandInput<T>, at = 100): PendingCommand => ({
  id,
  type,
  payload,
  at,
});
const mapOf = (...all: Annotation[]) => new Map(all.map((one) => [one.id, one]));

describe('commands that wait', () => {
  it('MARGIN-7 show a new annotation at once, marked as unsent, until the server’s own is there', () => {
    const create = waiting('c1', 'annotation.create', {
      kind: 'language',
      language: 'en',
      blockId: 'a',
      exact: 'has ratifies',
      position: { start: 4, end: 16 },
      body: '',
      suggestion: 'has ratified',
    });
    const [item] = withPending(new Map(), [create], AIGUL);
    expect(item).toMatchObject({ unsent: true, annotation: { id: 'c1', createdBy: AIGUL, status: 'open' } });
    expect(item!.annotation.anchor).toMatchObject({ startBlock: 'a', startOffset: 4, endOffset: 16 });
    expect(item!.annotation.suggestion).toMatchObject({ text: 'has ratified', status: 'pending' });

    const arrived: Annotation = { ...item!.annotation, id: 'from-server', createdAt: 101 };
    expect(withPending(mapOf(arrived), [create], AIGUL).map(({ annotation: { id } }) => id)).toEqual(['from-server']);
    const foreign: Annotation = { ...arrived, createdBy: NURLAN };
    expect(withPending(mapOf(foreign), [create], AIGUL)).toHaveLength(2);
  });

  it('MARGIN-7 show replies, edits, resolutions, verdicts and evidence before they are sent', () => {
    const claim = { statement: 's', verdict: null, rationale: '', judgedBy: null, judgedAt: null, evidence: [] };
    const known = mapOf(annotation('1', { kind: 'claim', claim }));
    const [item] = withPending(
      known,
      [
        waiting('r', 'annotation.reply', { annotationId: '1', body: 'reply' }),
        waiting('e', 'annotation.editMessage', { annotationId: '1', messageId: '1-body', body: 'better' }),
        waiting('v', 'claim.verdict', { annotationId: '1', verdict: 'false', rationale: 'why' }),
        waiting('x', 'claim.addEvidence', {
          annotationId: '1',
          evidence: { url: 'https://example.org/', stance: 'contradicts' },
        }),
        waiting('s', 'annotation.resolve', { annotationId: '1' }),
      ],
      NURLAN,
    );
    expect(item!.annotation.thread.map(({ body }) => body)).toEqual(['better', 'reply']);
    expect(item!.annotation).toMatchObject({
      status: 'resolved',
      claim: { verdict: 'false', rationale: 'why', judgedBy: NURLAN, evidence: [{ id: 'x', stance: 'contradicts' }] },
    });
    expect([...item!.waiting]).toEqual(['r', '1-body', 'v', 'x', 's']);
    expect(item!.unsent).toBe(false);
  });

  it('MARGIN-7 take a deleted annotation away, and only mark a decision that waits', () => {
    const known = mapOf(annotation('1'), annotation('2', { kind: 'language' }));
    const items = withPending(
      known,
      [
        waiting('d', 'annotation.delete', { annotationId: '1' }),
        waiting('a', 'suggestion.accept', { annotationId: '2' }),
        waiting('g', 'annotation.reply', { annotationId: 'gone', body: 'x' }),
      ],
      AIGUL,
    );
    expect(items.map(({ annotation: { id }, deciding }) => ({ id, deciding }))).toEqual([{ id: '2', deciding: true }]);
  });

  it('MARGIN-7 leave the objects of untouched annotations as they are', () => {
    const known = mapOf(annotation('1'), annotation('2'));
    const before = withPending(known, [], AIGUL);
    const after = withPending(
      known,
      [waiting('r', 'annotation.reply', { annotationId: '2', body: 'x' })],
      AIGUL,
      new Map(before.map((item) => [item.annotation.id, item])),
    );
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
