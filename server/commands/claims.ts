// Claims: what is claimed, what the fact-checkers found, and their evidence. Authors are stamped here, never believed.
import { updateAnnotation } from '../../shared/annotation/read.ts';
import type { Annotation, Claim } from '../../shared/annotation/types.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { tell } from './notifications.ts';
import { invalid, requireAnnotation, requireRight } from './requirements.ts';
import type { CommandContext, Handler } from './types.ts';

/** More evidence than this is a dossier, not a card. */
const MAX_EVIDENCE = 100;

const onlyCheckers = (context: CommandContext) => requireRight(context, 'judgeClaim');

export const giveVerdict: Handler<'claim.verdict'> = {
  authorise: onlyCheckers,
  apply(context, { annotationId, verdict, rationale }) {
    const { annotation, claim } = requireClaim(context, annotationId);
    const judged =
      verdict === null ? { judgedBy: null, judgedAt: null } : { judgedBy: context.author, judgedAt: context.at };
    updateAnnotation(context.doc, annotationId, { claim: { ...claim, verdict, rationale, ...judged } });
    if (verdict !== null) tell(context, annotation.createdBy.id, 'verdict', annotationId, claim.statement);
    return { ok: true };
  },
};

/** The statement: by whoever raised the claim, and by those who judge it. */
export const changeStatement: Handler<'claim.statement'> = {
  authorise(context, { annotationId }) {
    requireRight(context, 'raiseClaim');
    if (requireAnnotation(context.doc, annotationId).createdBy.id !== context.person.id) onlyCheckers(context);
  },
  apply(context, { annotationId, statement }) {
    const { claim } = requireClaim(context, annotationId);
    updateAnnotation(context.doc, annotationId, { claim: { ...claim, statement } });
    return { ok: true };
  },
};

export const addEvidence: Handler<'claim.addEvidence'> = {
  authorise: onlyCheckers,
  apply(context, { annotationId, evidence }) {
    const { claim } = requireClaim(context, annotationId);
    if (claim.evidence.length >= MAX_EVIDENCE) throw invalid('evidence', 'too many');
    const added = {
      ...evidence,
      id: context.newId(),
      accessedAt: evidence.accessedAt ?? context.at,
      by: context.author,
    };
    updateAnnotation(context.doc, annotationId, { claim: { ...claim, evidence: [...claim.evidence, added] } });
    return { ok: true };
  },
};

/** One's own evidence; an editor any. */
export const removeEvidence: Handler<'claim.removeEvidence'> = {
  authorise: onlyCheckers,
  apply(context, { annotationId, evidenceId }) {
    const { claim } = requireClaim(context, annotationId);
    const evidence = claim.evidence.find(({ id }) => id === evidenceId);
    if (!evidence) throw new KopuroError('not-found', { evidenceId });
    if (evidence.by.id !== context.person.id && context.standing.role !== 'editor') {
      throw new KopuroError('not-allowed', { evidenceId });
    }
    updateAnnotation(context.doc, annotationId, {
      claim: { ...claim, evidence: claim.evidence.filter(({ id }) => id !== evidenceId) },
    });
    return { ok: true };
  },
};

function requireClaim(context: CommandContext, annotationId: string): { annotation: Annotation; claim: Claim } {
  const annotation = requireAnnotation(context.doc, annotationId);
  if (!annotation.claim) throw new KopuroError('not-a-claim', { annotationId });
  return { annotation, claim: annotation.claim };
}
