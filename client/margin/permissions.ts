// What the buttons of a card may offer to whom. The table is shared/access; here it is only asked with a card at hand, so
// that no component decides anything by itself. The server asks the same table again.
import { may, type Standing } from '../../shared/access/roles.ts';
import type { Annotation, Evidence, Message } from '../../shared/annotation/types.ts';

export interface CardRights {
  reply: boolean;
  resolve: boolean;
  remove: boolean;
  propose: boolean;
  decide: boolean;
  judge: boolean;
  changeStatement: boolean;
  changeCategory: boolean;
  reattach: boolean;
}

export function cardRights(standing: Standing, annotation: Annotation, personId: string): CardRights {
  const annotate = may(standing, 'annotate');
  const own = annotation.createdBy.id === personId;
  const editor = standing.role === 'editor';
  const alone = annotation.thread.every((message) => message.by.id === personId);
  const judge = may(standing, 'judgeClaim');
  return {
    reply: annotate,
    resolve: annotate,
    remove: annotate && (editor || (own && alone)),
    propose: annotate && annotation.anchor.startBlock === annotation.anchor.endBlock,
    decide: may(standing, 'decideSuggestion', annotation.language),
    judge,
    changeStatement: judge || (own && may(standing, 'raiseClaim')),
    changeCategory: annotate && (own || may(standing, 'decideSuggestion', annotation.language)),
    reattach: annotate,
  };
}

export function mayChangeMessage(standing: Standing, message: Message, personId: string): boolean {
  return message.by.id === personId && message.deletedAt === null && may(standing, 'annotate');
}

export function mayRemoveEvidence(standing: Standing, evidence: Evidence, personId: string): boolean {
  return may(standing, 'judgeClaim') && (standing.role === 'editor' || evidence.by.id === personId);
}
