// The card in which a new annotation is written, level with the words that were chosen. Ctrl+Enter sends; Esc closes it and
// keeps what was written.
import { type KeyboardEvent, type Ref, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MqmCategory, Severity } from '../../shared/annotation/types.ts';
import type { CommandInput } from '../../shared/protocol/commands.ts';
import { Button } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { useTextColumns } from '../workspace/context.tsx';
import { CategorySelects } from './Card.tsx';
import { useMargin } from './context.tsx';
import { draftRange } from './drawn.ts';
import { KindIcon } from './KindLabel.tsx';
import { modName } from './keys.ts';
import { MentionField } from './MentionField.tsx';
import { oneLine } from './SuggestionPart.tsx';
import { targetOfRange, targetOfSelection } from './target.ts';
import type { Draft } from './types.ts';

type Fields = Pick<CommandInput<'annotation.create'>, 'body' | 'suggestion' | 'category' | 'severity' | 'statement'>;

export function Composer({ draft, ref }: { draft: Draft; ref?: Ref<HTMLElement> }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const columns = useTextColumns();
  const { words, kind } = draft;
  const oneBlock = words.startBlock === words.endBlock;
  const [earlier] = useState(() => margin.drafts.find(draft)?.fields);
  const [body, setBody] = useState(earlier?.body ?? '');
  const [suggestion, setSuggestion] = useState(earlier?.suggestion ?? (oneBlock ? words.exact : ''));
  const [statement, setStatement] = useState(earlier?.statement ?? asStatement(words.exact));
  const [category, setCategory] = useState<MqmCategory>(earlier?.category ?? 'awkward');
  const [severity, setSeverity] = useState<Severity>(earlier?.severity ?? 'minor');
  const [lost, setLost] = useState(false);

  const offered = kind === 'language' && oneBlock && suggestion !== words.exact;
  const ready = kind === 'claim' ? statement.trim() !== '' : body.trim() !== '' || offered;

  const worthKeeping =
    body.trim() !== '' || offered || (kind === 'claim' && statement.trim() !== asStatement(words.exact).trim());
  // However this form goes away (Esc, other words, another page), what is in it then is kept; sending and "Cancel" end it.
  const ended = useRef(false);
  const keep = useRef(() => {});
  useEffect(() => {
    keep.current = () => {
      if (ended.current || !worthKeeping) margin.drafts.drop(draft);
      else margin.drafts.keep({ ...draft, fields: { body, suggestion, statement, category, severity } });
    };
  });
  useEffect(() => {
    const keepNow = () => keep.current();
    window.addEventListener('pagehide', keepNow);
    return () => {
      window.removeEventListener('pagehide', keepNow);
      keepNow();
    };
  }, []);

  const close = () => {
    margin.draft.set(null);
    columns.view(words.language)?.focus();
  };

  const send = async () => {
    if (!ready) return;
    const doc = columns.view(words.language)?.state.doc;
    const range = doc && draftRange(columns.view(words.language)!.state);
    // The words may have been edited since: what is sent is what stands there now.
    const target = doc && (range ? targetOfRange(doc, words.language, range) : targetOfSelection(doc, words));
    if (!target) {
      setLost(true);
      return;
    }
    const fields: Fields = { body };
    if (kind === 'language') Object.assign(fields, { category, severity }, offered ? { suggestion } : {});
    if (kind === 'claim') fields.statement = statement.trim();
    ended.current = true;
    margin.draft.set(null);
    const answer = await margin.send('annotation.create', { kind, ...target, ...fields });
    if (answer && margin.active.get() === null) margin.activate(answer.annotationId);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      void send();
    }
  };

  return (
    <section ref={ref} className={`card card-${kind} card-active composer`} aria-labelledby="composer-title">
      <header className="card-head">
        <h3 className="card-kind" id="composer-title">
          <KindIcon kind={kind} size={14} />
          <span>{t(`margin.new.${kind}`)}</span>
        </h3>
      </header>
      <form
        className="card-form"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <blockquote className="card-quote clamped" lang={words.language}>
          {words.exact}
        </blockquote>
        {kind === 'claim' && (
          <TextArea label={t('margin.claim.statement')} value={statement} onChange={setStatement} rows={2} autoFocus />
        )}
        {kind === 'language' && (
          <>
            {oneBlock && (
              <TextArea
                label={t('margin.suggestion.newWording')}
                value={suggestion}
                onChange={(value) => setSuggestion(oneLine(value))}
                lang={words.language}
                rows={2}
                autoFocus
              />
            )}
            <CategorySelects
              category={category}
              severity={severity}
              onCategory={setCategory}
              onSeverity={setSeverity}
            />
          </>
        )}
        <MentionField
          label={t(`margin.bodyLabel.${kind}`)}
          placeholder={t(`margin.bodyLabel.${kind}`)}
          value={body}
          onChange={setBody}
          rows={kind === 'comment' ? 2 : 1}
          autoFocus={kind === 'comment' || (kind === 'language' && !oneBlock)}
        />
        {lost && (
          <p className="field-error" role="alert">
            {t('errors.quote-not-found')}
          </p>
        )}
        <div className="card-buttons">
          <Button size="s" variant="primary" type="submit" disabled={!ready}>
            {t('margin.send')}
            <Kbd>{modName()}+Enter</Kbd>
          </Button>
          <Button
            size="s"
            variant="quiet"
            onClick={() => {
              ended.current = true;
              close();
            }}
          >
            {t('margin.cancel')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function asStatement(words: string): string {
  return words.replaceAll('\n', ' ');
}
