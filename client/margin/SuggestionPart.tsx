// The offered wording in a card of a language issue: the difference, the decision, and what became of it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Badge } from '../ui/display.tsx';
import { TextArea } from '../ui/Field.tsx';
import { CheckIcon, CloseIcon, PencilIcon, UndoIcon, WarningIcon } from '../ui/icons.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { ByLine } from './ByLine.tsx';
import { CardForm } from './CardForm.tsx';
import { useMargin } from './context.tsx';
import { Difference } from './Difference.tsx';
import type { CardRights } from './permissions.ts';
import type { AnnotationItem } from './types.ts';

interface Props {
  item: AnnotationItem;
  rights: CardRights;
  active: boolean;
}

export function SuggestionPart({ item, rights, active }: Props) {
  const { t } = useTranslation();
  const margin = useMargin();
  const [proposing, setProposing] = useState(false);
  const { suggestion, id, language, anchor, anchorState, status } = item.annotation;
  const annotationId = id;
  const open = status === 'open' && anchorState === 'attached' && !item.unsent;

  return (
    <div className="suggestion">
      {suggestion ? (
        <Difference
          before={suggestion.status === 'accepted' ? (suggestion.replaced ?? suggestion.original) : suggestion.original}
          after={suggestion.text}
          language={language}
        />
      ) : (
        <blockquote className="card-quote" lang={language}>
          {anchor.exact}
        </blockquote>
      )}
      {suggestion?.status === 'pending' && suggestion.check && (
        <p className="card-note card-note-warn">
          <WarningIcon />
          {t('margin.suggestion.check')}
        </p>
      )}
      {suggestion && suggestion.status !== 'pending' && (
        <p className="decision">
          <Badge
            kind={suggestion.status === 'accepted' ? 'good' : 'neutral'}
            icon={suggestion.status === 'accepted' ? <CheckIcon size={12} /> : <CloseIcon size={12} />}
          >
            {t(`margin.suggestion.status.${suggestion.status}`)}
          </Badge>
          <ByLine by={suggestion.decidedBy} at={suggestion.decidedAt} />
        </p>
      )}
      {suggestion?.status === 'pending' && !item.unsent && rights.decide && (
        <div className="card-buttons">
          <Button
            size="s"
            variant={active ? 'primary' : 'secondary'}
            icon={<CheckIcon />}
            busy={item.deciding}
            disabled={item.annotation.anchorState !== 'attached'}
            onClick={() => void margin.send('suggestion.accept', { annotationId })}
          >
            {t('margin.suggestion.accept')}
            {active && <Kbd>A</Kbd>}
          </Button>
          <Button
            size="s"
            icon={<CloseIcon />}
            disabled={item.deciding}
            onClick={() => void margin.send('suggestion.reject', { annotationId })}
          >
            {t('margin.suggestion.reject')}
            {active && <Kbd>R</Kbd>}
          </Button>
        </div>
      )}
      {active && suggestion?.status === 'accepted' && rights.decide && (
        <div className="card-buttons">
          <Button
            size="s"
            variant="quiet"
            icon={<UndoIcon />}
            busy={item.deciding}
            onClick={() => void margin.send('suggestion.revert', { annotationId })}
          >
            {t('margin.suggestion.revert')}
          </Button>
        </div>
      )}
      {active && open && rights.propose && suggestion?.status !== 'accepted' && !proposing && (
        <div className="card-buttons">
          <Button size="s" variant="quiet" icon={<PencilIcon />} onClick={() => setProposing(true)}>
            {suggestion ? t('margin.suggestion.another') : t('margin.suggestion.propose')}
          </Button>
        </div>
      )}
      {proposing && (
        <ProposeForm
          language={language}
          initial={suggestion?.status === 'pending' ? suggestion.text : anchor.exact}
          onDone={(text) => {
            setProposing(false);
            if (text !== null) void margin.send('suggestion.propose', { annotationId, text });
          }}
        />
      )}
    </div>
  );
}

function ProposeForm({
  language,
  initial,
  onDone,
}: {
  language: string;
  initial: string;
  onDone(text: string | null): void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(initial);
  return (
    <CardForm
      label={t('margin.suggestion.propose')}
      oneLine
      ready={text !== initial}
      sendLabel={t('margin.suggestion.offer')}
      onSend={() => onDone(text)}
      onCancel={() => onDone(null)}
    >
      <TextArea
        label={t('margin.suggestion.newWording')}
        value={text}
        onChange={(value) => setText(oneLine(value))}
        lang={language}
        autoFocus
        rows={2}
      />
    </CardForm>
  );
}

/** A suggestion stays inside one block. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}
