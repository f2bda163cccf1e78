// Every command and its handler. A new command is a schema in shared/protocol/commands.ts, a handler and one line here.
import type { CommandType } from '../../shared/protocol/commands.ts';
import * as annotations from './annotations.ts';
import * as articles from './articles.ts';
import * as claims from './claims.ts';
import * as review from './review.ts';
import * as snapshots from './snapshots.ts';
import * as suggestions from './suggestions.ts';
import type { Handler } from './types.ts';

export const HANDLERS: { readonly [T in CommandType]: Handler<T> } = {
  'annotation.create': annotations.createAnnotation,
  'annotation.reply': annotations.reply,
  'annotation.editMessage': annotations.editMessage,
  'annotation.deleteMessage': annotations.deleteMessage,
  'annotation.resolve': annotations.resolve,
  'annotation.reopen': annotations.reopen,
  'annotation.delete': annotations.deleteAnnotation,
  'annotation.change': annotations.changeAnnotation,
  'annotation.reattach': annotations.reattach,
  'anchors.propose': annotations.proposeAnchors,
  'suggestion.propose': suggestions.proposeSuggestion,
  'suggestion.accept': suggestions.acceptSuggestion,
  'suggestion.reject': suggestions.rejectSuggestion,
  'suggestion.revert': suggestions.revertSuggestion,
  'claim.verdict': claims.giveVerdict,
  'claim.statement': claims.changeStatement,
  'claim.addEvidence': claims.addEvidence,
  'claim.removeEvidence': claims.removeEvidence,
  'review.confirm': review.confirm,
  'review.withdraw': review.withdraw,
  'snapshot.create': snapshots.createSnapshot,
  'snapshot.restore': snapshots.restoreSnapshot,
  'article.change': articles.changeArticle,
  'article.addLanguage': articles.addLanguage,
  'article.removeBlocks': articles.removeBlocks,
  'article.setStanding': articles.setStanding,
};
