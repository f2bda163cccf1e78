// Commands on annotations and their threads: create, reply, edit, resolve, delete, and putting an anchor right by hand.
import type * as Y from 'yjs';
import { may } from '../../shared/access/roles.ts';
import { makeAnchor, resolveSpan } from '../../shared/annotation/anchors.ts';
import { findTarget } from '../../shared/annotation/quotes.ts';
import { annotationsMap, insertAnnotation, threadOf, updateAnnotation } from '../../shared/annotation/read.ts';
import { flat } from '../../shared/annotation/similarity.ts';
import { newSuggestion, withCheck } from '../../shared/annotation/suggestions.ts';
import { openText, type Span, spanText, type TextView, toRange, toSpan } from '../../shared/annotation/textView.ts';
import type { Annotation, Message } from '../../shared/annotation/types.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import type { CommandPayload } from '../../shared/protocol/commands.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { mentionedIn, tellOfMessage } from './notifications.ts';
import { invalid, requireAnnotation, requireLanguage, requireRight } from './requirements.ts';
import type { CommandContext, Handler } from './types.ts';

const onlyAnnotators = (context: CommandContext) => requireRight(context, 'annotate');

export const createAnnotation: Handler<'annotation.create'> = {
  authorise: (context, payload) => requireRight(context, payload.kind === 'claim' ? 'raiseClaim' : 'annotate'),
  apply(context, payload) {
    checkFields(payload);
    requireLanguage(context.doc, payload.language);
    const view = openText(context.doc, payload.language);
    const span = findTarget(view, payload);
    const anchor = makeAnchor(view, span);
    if (payload.suggestion !== undefined) requireOneBlock(span, 'suggestion');
    if (payload.suggestion === anchor.exact) throw invalid('suggestion', 'the same words');
    const { author, at } = context;
    const annotation: Annotation = {
      id: context.newId(),
      kind: payload.kind,
      language: payload.language,
      anchor,
      anchorState: 'attached',
      status: 'open',
      resolvedBy: null,
      resolvedAt: null,
      createdBy: author,
      createdAt: at,
      category: payload.kind === 'language' ? (payload.category ?? 'awkward') : null,
      severity: payload.kind === 'language' ? (payload.severity ?? 'minor') : null,
      suggestion: payload.suggestion === undefined ? null : newSuggestion(payload.suggestion, anchor.exact, author, at),
      claim:
        payload.kind === 'claim'
          ? {
              statement: payload.statement ?? anchor.exact.slice(0, 2_000).replaceAll('\n', ' '),
              verdict: null,
              rationale: '',
              judgedBy: null,
              judgedAt: null,
              evidence: [],
            }
          : null,
      thread: [newMessage(context, payload.body)],
    };
    insertAnnotation(context.doc, annotation);
    tellOfMessage(context, annotation, payload.body);
    return { annotationId: annotation.id };
  },
};

export const reply: Handler<'annotation.reply'> = {
  authorise: onlyAnnotators,
  apply(context, { annotationId, body }) {
    const annotation = requireAnnotation(context.doc, annotationId);
    const message = newMessage(context, body);
    threadOf(context.doc, annotationId)!.push([message]);
    tellOfMessage(context, annotation, body, { owner: annotation.createdBy.id });
    return { annotationId, messageId: message.id };
  },
};

export const editMessage: Handler<'annotation.editMessage'> = {
  authorise: (context, payload) => {
    onlyAnnotators(context);
    ownMessage(context, payload);
  },
  apply(context, payload) {
    const { annotation, message, index } = ownMessage(context, payload);
    if (message.deletedAt !== null) throw new KopuroError('message-not-found', { messageId: message.id });
    replaceMessage(context.doc, annotation.id, index, { ...message, body: payload.body, editedAt: context.at });
    tellOfMessage(context, annotation, payload.body, { except: mentionedIn(message.body) });
    return { ok: true };
  },
};

export const deleteMessage: Handler<'annotation.deleteMessage'> = {
  authorise: (context, payload) => {
    onlyAnnotators(context);
    ownMessage(context, payload);
  },
  apply(context, payload) {
    const { annotation, message, index } = ownMessage(context, payload);
    if (message.deletedAt === null) {
      replaceMessage(context.doc, annotation.id, index, { ...message, body: '', deletedAt: context.at });
    }
    return { ok: true };
  },
};

export const resolve: Handler<'annotation.resolve'> = {
  authorise: onlyAnnotators,
  apply(context, { annotationId }) {
    const annotation = requireAnnotation(context.doc, annotationId);
    if (annotation.status !== 'resolved') {
      updateAnnotation(context.doc, annotationId, {
        status: 'resolved',
        resolvedBy: context.author,
        resolvedAt: context.at,
      });
    }
    return { ok: true };
  },
};

export const reopen: Handler<'annotation.reopen'> = {
  authorise: onlyAnnotators,
  apply(context, { annotationId }) {
    const annotation = requireAnnotation(context.doc, annotationId);
    if (annotation.status !== 'open') {
      updateAnnotation(context.doc, annotationId, { status: 'open', resolvedBy: null, resolvedAt: null });
    }
    return { ok: true };
  },
};

/** An editor may delete any annotation; its author may while nobody else has written in its thread. */
export const deleteAnnotation: Handler<'annotation.delete'> = {
  authorise(context, { annotationId }) {
    onlyAnnotators(context);
    const annotation = requireAnnotation(context.doc, annotationId);
    const own = annotation.createdBy.id === context.person.id;
    const alone = annotation.thread.every((message) => message.by.id === context.person.id);
    if (context.standing.role !== 'editor' && !(own && alone)) throw new KopuroError('not-allowed', { annotationId });
  },
  apply(context, { annotationId }) {
    annotationsMap(context.doc).delete(annotationId);
    return { ok: true };
  },
};

/** Category and severity: by its author, and by whoever decides on this text. */
export const changeAnnotation: Handler<'annotation.change'> = {
  authorise(context, { annotationId }) {
    onlyAnnotators(context);
    const annotation = requireAnnotation(context.doc, annotationId);
    const own = annotation.createdBy.id === context.person.id;
    if (!own) requireRight(context, 'decideSuggestion', annotation.language);
  },
  apply(context, { annotationId, category, severity }) {
    const annotation = requireAnnotation(context.doc, annotationId);
    if (annotation.kind !== 'language') throw invalid('annotationId', 'not a language issue');
    updateAnnotation(context.doc, annotationId, {
      ...(category === undefined ? {} : { category }),
      ...(severity === undefined ? {} : { severity }),
    });
    return { ok: true };
  },
};

export const reattach: Handler<'annotation.reattach'> = {
  authorise: onlyAnnotators,
  apply(context, { annotationId, target }) {
    const { doc } = context;
    const annotation = requireAnnotation(doc, annotationId);
    if (target && target.language !== annotation.language) throw invalid('target.language', 'another language');
    const view = openText(doc, annotation.language);
    const span = target
      ? findTarget(view, target)
      : annotation.anchorState !== 'orphan' && resolveSpan(view, annotation.anchor);
    if (!span) throw new KopuroError('anchor-lost', { annotationId });
    if (annotation.suggestion?.status === 'pending') requireOneBlock(span, 'target');
    attach(doc, view, annotation, span);
    return { ok: true };
  },
};

/** Takes a client's word for where a structural edit moved an anchor, if the quoted words are there. */
export const proposeAnchors: Handler<'anchors.propose'> = {
  authorise(context, { anchors }) {
    for (const { annotationId } of anchors) {
      const language = annotationsMap(context.doc).get(annotationId)?.get('language');
      if (typeof language === 'string') requireRight(context, 'editText', language);
    }
    const languages = articleLanguages(readMeta(context.doc));
    if (!languages.some((language) => may(context.standing, 'editText', language))) requireRight(context, 'editText');
  },
  apply(context, { anchors }) {
    const { doc } = context;
    const views = new Map<string, TextView>();
    const accepted: string[] = [];
    for (const { annotationId, ...range } of anchors) {
      const map = annotationsMap(doc).get(annotationId);
      if (!map) continue; // deleted meanwhile
      const annotation = requireAnnotation(doc, annotationId);
      const view = views.get(annotation.language) ?? openText(doc, annotation.language);
      views.set(annotation.language, view);
      const span = toSpan(view, range);
      if (!span || flat(spanText(view, span)) !== flat(annotation.anchor.exact)) continue;
      if (!standsRight(view, annotation)) attach(doc, view, annotation, span);
      else if (!sameRange(view, annotation, span)) continue;
      accepted.push(annotationId);
    }
    return { accepted };
  },
};

/** Puts the annotation onto a span, attached. */
function attach(doc: Y.Doc, view: TextView, annotation: Annotation, span: Span): void {
  const anchor = makeAnchor(view, span);
  updateAnnotation(doc, annotation.id, {
    anchor,
    anchorState: 'attached',
    ...withCheck(annotation.suggestion, anchor.exact),
  });
}

function standsRight(view: TextView, annotation: Annotation): boolean {
  if (annotation.anchorState !== 'attached') return false;
  const span = resolveSpan(view, annotation.anchor);
  return span !== null && flat(spanText(view, span)) === flat(annotation.anchor.exact);
}

function sameRange(view: TextView, annotation: Annotation, span: Span): boolean {
  const now = resolveSpan(view, annotation.anchor);
  return now !== null && JSON.stringify(toRange(view, now)) === JSON.stringify(toRange(view, span));
}

function requireOneBlock(span: Span, field: string): void {
  if (span.start !== span.end) throw invalid(field, 'a suggestion stays inside one block');
}

/** What the schema cannot say: which fields belong to which kind. */
function checkFields(payload: CommandPayload<'annotation.create'>): void {
  const { kind, body, suggestion } = payload;
  if (kind !== 'language') {
    for (const field of ['suggestion', 'category', 'severity'] as const) {
      if (payload[field] !== undefined) throw invalid(field, 'only for language issues');
    }
  }
  if (kind !== 'claim' && payload.statement !== undefined) throw invalid('statement', 'only for claims');
  const mayBeSilent = kind === 'claim' || (kind === 'language' && suggestion !== undefined);
  if (body.trim() === '' && !mayBeSilent) throw invalid('body', 'too short');
}

function newMessage(context: CommandContext, body: string): Message {
  return { id: context.newId(), by: context.author, at: context.at, body, editedAt: null, deletedAt: null };
}

/** The message, which must be the person's own: nobody edits the words of others. */
function ownMessage(
  context: CommandContext,
  { annotationId, messageId }: { annotationId: string; messageId: string },
): { annotation: Annotation; message: Message; index: number } {
  const annotation = requireAnnotation(context.doc, annotationId);
  const index = annotation.thread.findIndex((message) => message.id === messageId);
  const message = annotation.thread[index];
  if (!message) throw new KopuroError('message-not-found', { messageId });
  if (message.by.id !== context.person.id) throw new KopuroError('not-allowed', { messageId });
  return { annotation, message, index };
}

function replaceMessage(doc: Y.Doc, annotationId: string, index: number, message: Message): void {
  const thread = threadOf(doc, annotationId)!;
  thread.delete(index, 1);
  thread.insert(index, [message]);
}
