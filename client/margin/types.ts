// What the parts of the margin share: an annotation together with what still waits to be sent, a draft, the filters, and
// what highlights need. It knows nothing of React and nothing of how columns are drawn.
import type * as Y from 'yjs';
import type { Annotation, AnnotationKind } from '../../shared/annotation/types.ts';
import type { CommandInput } from '../../shared/protocol/commands.ts';
import type { Observable } from '../article/types.ts';
import type { TextSelection } from '../workspace/types.ts';

/** An annotation as this person sees it: the shared value with the own commands that still wait laid over it. */
export interface AnnotationItem {
  annotation: Annotation;
  /** The whole annotation is not at the server yet; its id is that of the waiting command. */
  unsent: boolean;
  /** Ids of messages, pieces of evidence and the like that wait; empty when everything is at the server. */
  waiting: ReadonlySet<string>;
  /** A decision about its suggestion waits. */
  deciding: boolean;
}

/** Words chosen for an annotation that is being written. */
export interface Draft {
  /** `reattach`: the words chosen for an annotation that exists. */
  kind: AnnotationKind;
  words: Omit<TextSelection, 'rect'>;
}

/** What is being written; which of it counts depends on the kind. */
export type DraftFields = Required<
  Pick<CommandInput<'annotation.create'>, 'body' | 'suggestion' | 'category' | 'severity' | 'statement'>
>;

export type KindFilter = AnnotationKind | 'all';
export type StatusFilter = 'open' | 'resolved' | 'all';

export interface Filter {
  kind: KindFilter;
  status: StatusFilter;
  /** null: every language. */
  language: string | null;
  /** Only those that I made, take part in, or am mentioned in. */
  mine: boolean;
  /** Only those whose place must be confirmed or whose words are gone. */
  attention: boolean;
}

export type ProposedAnchor = CommandInput<'anchors.propose'>['anchors'][number];

/** What `annotationHighlights` draws from. `createMargin` makes one. */
export interface HighlightSource {
  readonly doc: Y.Doc;
  readonly items: Observable<readonly AnnotationItem[]>;
  readonly active: Observable<string | null>;
  readonly draft: Observable<Draft | null>;
  readonly showResolved: Observable<boolean>;
  /** Names an annotation for people, e.g. "Wording · major"; a new function after the interface language changed. */
  readonly describe: Observable<(annotation: Annotation) => string>;
  activate(id: string | null): void;
  /** Called after a structural edit made here, with where the words of the annotations went. */
  propose(anchors: ProposedAnchor[]): void;
}
