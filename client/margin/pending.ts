// Lays a person's waiting commands over the shared annotations, so that what one wrote is there at once, marked as
// waiting, with or without a connection. Pure: the outbox and the document are handed in.
import type { Annotation, Author, Message } from '../../shared/annotation/types.ts';
import type { CommandInput, CommandType } from '../../shared/protocol/commands.ts';
import type { PendingCommand } from '../article/types.ts';
import type { AnnotationItem } from './types.ts';

/** By how much the clocks of this machine and of the server may differ. */
const CLOCK_SKEW_MS = 120_000;

const NONE: ReadonlySet<string> = new Set();

/** The annotations as their reader should see them now, oldest first. Values without waiting commands keep their object. */
export function withPending(
  annotations: ReadonlyMap<string, Annotation>,
  pending: readonly PendingCommand[],
  me: Author,
  previous?: ReadonlyMap<string, AnnotationItem>,
): AnnotationItem[] {
  const changed = new Map<string, AnnotationItem>();
  const deleted = new Set<string>();
  for (const command of pending) {
    if (command.type === 'annotation.create') {
      const item = unsent(command, me);
      if (!arrived(annotations, item.annotation)) changed.set(command.id, item);
      continue;
    }
    const id = (command.payload as { annotationId?: string } | null)?.annotationId;
    const base = id === undefined ? undefined : (changed.get(id) ?? itemOf(annotations.get(id)));
    if (id === undefined || !base) continue;
    if (command.type === 'annotation.delete') deleted.add(id);
    changed.set(id, overlay(base, command, me));
  }
  const items: AnnotationItem[] = [];
  for (const [id, annotation] of annotations) {
    if (deleted.has(id)) continue;
    const before = previous?.get(id);
    const untouched = before && before.annotation === annotation && before.waiting === NONE ? before : undefined;
    items.push(changed.get(id) ?? untouched ?? itemOf(annotation)!);
  }
  for (const [id, item] of changed) if (!annotations.has(id) && !deleted.has(id)) items.push(item);
  return items.sort(
    (a, b) => a.annotation.createdAt - b.annotation.createdAt || (a.annotation.id < b.annotation.id ? -1 : 1),
  );
}

/** Whether the annotation of a command that still waits for its answer is in the document already. */
function arrived(annotations: ReadonlyMap<string, Annotation>, waiting: Annotation): boolean {
  for (const one of annotations.values()) {
    const same =
      one.createdBy.id === waiting.createdBy.id &&
      one.kind === waiting.kind &&
      one.language === waiting.language &&
      one.anchor.exact === waiting.anchor.exact &&
      one.thread[0]?.body === waiting.thread[0]?.body &&
      one.createdAt >= waiting.createdAt - CLOCK_SKEW_MS;
    if (same) return true;
  }
  return false;
}

function itemOf(annotation: Annotation | undefined): AnnotationItem | undefined {
  return annotation && { annotation, unsent: false, waiting: NONE, deciding: false };
}

function payloadOf<T extends CommandType>(command: PendingCommand, _type: T): CommandInput<T> {
  return command.payload as CommandInput<T>;
}

function message(id: string, by: Author, at: number, body: string): Message {
  return { id, by, at, body, editedAt: null, deletedAt: null };
}

function unsent(command: PendingCommand, me: Author): AnnotationItem {
  const input = payloadOf(command, 'annotation.create');
  const start = input.position?.start ?? 0;
  const annotation: Annotation = {
    id: command.id,
    kind: input.kind,
    language: input.language,
    anchor: {
      start: '',
      end: '',
      startBlock: input.blockId,
      endBlock: input.endBlockId ?? input.blockId,
      exact: input.exact,
      prefix: input.prefix ?? '',
      suffix: input.suffix ?? '',
      startOffset: start,
      endOffset: input.position?.end ?? start + input.exact.length,
      lostAt: null,
    },
    anchorState: 'attached',
    status: 'open',
    resolvedBy: null,
    resolvedAt: null,
    createdBy: me,
    createdAt: command.at,
    category: input.kind === 'language' ? (input.category ?? null) : null,
    severity: input.kind === 'language' ? (input.severity ?? null) : null,
    suggestion: input.suggestion === undefined ? null : suggestion(input.suggestion, input.exact, me, command.at),
    claim:
      input.kind === 'claim'
        ? {
            statement: input.statement ?? input.exact,
            verdict: null,
            rationale: '',
            judgedBy: null,
            judgedAt: null,
            evidence: [],
          }
        : null,
    thread: [message(`${command.id}-body`, me, command.at, input.body ?? '')],
  };
  return { annotation, unsent: true, waiting: new Set([command.id]), deciding: false };
}

function suggestion(text: string, original: string, by: Author, at: number): NonNullable<Annotation['suggestion']> {
  return { text, original, status: 'pending', by, at, decidedBy: null, decidedAt: null, replaced: null, check: false };
}

/** An item after one waiting command. */
function overlay(item: AnnotationItem, command: PendingCommand, me: Author): AnnotationItem {
  const change = (annotation: Annotation, mark: string = command.id): AnnotationItem => ({
    ...item,
    annotation,
    waiting: new Set([...item.waiting, mark]),
  });
  const now = item.annotation;
  switch (command.type) {
    case 'annotation.reply': {
      const { body } = payloadOf(command, 'annotation.reply');
      return change({ ...now, thread: [...now.thread, message(command.id, me, command.at, body)] });
    }
    case 'annotation.editMessage': {
      const { messageId, body } = payloadOf(command, 'annotation.editMessage');
      const thread = now.thread.map((one) => (one.id === messageId ? { ...one, body, editedAt: command.at } : one));
      return change({ ...now, thread }, messageId);
    }
    case 'annotation.deleteMessage': {
      const { messageId } = payloadOf(command, 'annotation.deleteMessage');
      const thread = now.thread.map((one) =>
        one.id === messageId ? { ...one, body: '', deletedAt: command.at } : one,
      );
      return change({ ...now, thread }, messageId);
    }
    case 'annotation.resolve':
      return change({ ...now, status: 'resolved', resolvedBy: me, resolvedAt: command.at });
    case 'annotation.reopen':
      return change({ ...now, status: 'open', resolvedBy: null, resolvedAt: null });
    case 'annotation.change': {
      const { category, severity } = payloadOf(command, 'annotation.change');
      return change({ ...now, category: category ?? now.category, severity: severity ?? now.severity });
    }
    case 'suggestion.propose':
      return change({
        ...now,
        suggestion: suggestion(payloadOf(command, 'suggestion.propose').text, now.anchor.exact, me, command.at),
      });
    case 'suggestion.accept':
    case 'suggestion.reject':
    case 'suggestion.revert':
      return { ...change(now), deciding: true };
    case 'claim.verdict': {
      const { verdict, rationale } = payloadOf(command, 'claim.verdict');
      if (!now.claim) return item;
      return change({
        ...now,
        claim: { ...now.claim, verdict, rationale: rationale ?? '', judgedBy: me, judgedAt: command.at },
      });
    }
    case 'claim.statement':
      if (!now.claim) return item;
      return change({ ...now, claim: { ...now.claim, statement: payloadOf(command, 'claim.statement').statement } });
    case 'claim.addEvidence': {
      const { evidence } = payloadOf(command, 'claim.addEvidence');
      if (!now.claim) return item;
      const added = {
        id: command.id,
        url: evidence.url,
        title: evidence.title ?? '',
        publisher: evidence.publisher ?? '',
        quote: evidence.quote ?? '',
        stance: evidence.stance,
        accessedAt: evidence.accessedAt ?? command.at,
        by: me,
      };
      return change({ ...now, claim: { ...now.claim, evidence: [...now.claim.evidence, added] } });
    }
    case 'claim.removeEvidence': {
      const { evidenceId } = payloadOf(command, 'claim.removeEvidence');
      if (!now.claim) return item;
      const evidence = now.claim.evidence.filter((one) => one.id !== evidenceId);
      return change({ ...now, claim: { ...now.claim, evidence } });
    }
    default:
      return change(now);
  }
}
