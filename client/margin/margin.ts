// The state behind the margin of one open article: annotations with what waits, filters, the draft, what was refused.
// Made once by the workspace; the cards and the highlights both read it. It knows nothing of React.
import type { Annotation, Author } from '../../shared/annotation/types.ts';
import { randomId } from '../../shared/article/ids.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { KeyValueStore } from '../article/memory.ts';
import { createValue, type Value } from '../article/observable.ts';
import type { ArticleSession, Observable, PendingCommand } from '../article/types.ts';
import type { TextColumns } from '../workspace/types.ts';
import { followAnnotations } from './annotations.ts';
import { derive } from './derive.ts';
import { type Drafts, keptDrafts } from './drafts.ts';
import { INITIAL_FILTER } from './filters.ts';
import { withPending } from './pending.ts';
import type { AnnotationItem, Draft, Filter, HighlightSource, ProposedAnchor } from './types.ts';

/** A command that the server refused, kept with its words until its author sends it again or lets it go. */
export interface Failure {
  command: PendingCommand;
  error: KopuroError;
}

export interface MarginState extends HighlightSource {
  readonly filter: Value<Filter>;
  readonly failures: Observable<readonly Failure[]>;
  readonly draft: Value<Draft | null>;
  /** What was begun and not sent. */
  readonly drafts: Drafts;
  readonly describe: Value<(annotation: Annotation) => string>;
  /** Whether the sheet is up, where the margin is one. */
  readonly sheetOpen: Value<boolean>;
  /** The annotation for which new words are being chosen. */
  readonly reattaching: Value<string | null>;
  /** Sends a command; a refusal is kept in `failures`. Answers its result, or null if it was refused. */
  send<T extends CommandType>(type: T, payload: CommandInput<T>): Promise<CommandResult<T> | null>;
  retry(failure: Failure): void;
  dismiss(failure: Failure): void;
  destroy(): void;
}

export function createMargin(
  session: ArticleSession,
  columns: Pick<TextColumns, 'activeAnnotation' | 'setActiveAnnotation'>,
  storage: KeyValueStore,
): MarginState {
  const annotations = followAnnotations(session.doc);
  const failures = createValue<readonly Failure[]>([]);
  const filter = createValue<Filter>(INITIAL_FILTER);
  let known = new Map<string, AnnotationItem>();

  const items = derive([annotations, session.pending, failures, session.standing], () => {
    const me: Author = { id: session.person.id, name: session.person.name, role: session.standing.get().role };
    const refused = failures.get().map(({ command }) => command);
    const waiting = [...session.pending.get(), ...refused.filter(({ type }) => type === 'annotation.create')];
    const list = withPending(annotations.get(), waiting, me, known);
    known = new Map(list.map((item) => [item.annotation.id, item]));
    return list;
  });

  async function send<T extends CommandType>(type: T, payload: CommandInput<T>): Promise<CommandResult<T> | null> {
    try {
      return await session.send(type, payload);
    } catch (error) {
      if (!(error instanceof KopuroError)) throw error;
      const command: PendingCommand = { id: randomId(), type, payload, at: Date.now() };
      failures.set([...failures.get(), { command, error }]);
      return null;
    }
  }

  async function propose(anchors: ProposedAnchor[]): Promise<void> {
    try {
      await session.send('anchors.propose', { anchors });
    } catch (error) {
      // A refused proposal costs nothing: the server then finds the words by itself, and its anchors arrive as usual.
      if (!(error instanceof KopuroError)) throw error;
    }
  }

  const without = (failure: Failure) => failures.set(failures.get().filter((one) => one !== failure));

  return {
    doc: session.doc,
    items,
    filter,
    failures,
    active: columns.activeAnnotation,
    draft: createValue<Draft | null>(null),
    drafts: keptDrafts(storage, `kopuro/${session.person.id}/${session.articleId}/drafts`),
    describe: createValue<(annotation: Annotation) => string>(() => ''),
    sheetOpen: createValue(false),
    reattaching: createValue<string | null>(null),
    showResolved: derive([filter], () => filter.get().status !== 'open'),
    activate: (id) => columns.setActiveAnnotation(id),
    propose: (anchors) => void propose(anchors),
    send,
    retry(failure) {
      without(failure);
      void send(failure.command.type, failure.command.payload as CommandInput<CommandType>);
    },
    dismiss: without,
    destroy: () => annotations.destroy(),
  };
}
