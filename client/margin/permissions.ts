// What the buttons of a card may offer to whom. The table is shared/access; here it is only asked with a card at hand, so
// that no component decides anything by itself. The server asks the same table again.
import { may, type Standing } from '../../shared/access/roles.ts';
import type { Annotation, Message } from '../../shared/annotation/types.ts';

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
  const editor = may(standing, 'manageArticle');
  const judge = may(standing, 'judgeClaim');
  return {
    reply: annotate,
    resolve: annotate,
    remove: annotate && (own || editor),
    propose: annotate,
    decide: may(standing, 'decideSuggestion', annotation.language),
    judge,
    changeStatement: judge || (own && may(standing, 'raiseClaim')),
    changeCategory: annotate,
    reattach: annotate,
  };
}

export function mayChangeMessage(standing: Standing, message: Message, personId: string): boolean {
  return message.by.id === personId && message.deletedAt === null && may(standing, 'annotate');
}
