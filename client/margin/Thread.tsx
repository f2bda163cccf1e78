// The discussion of a card: its messages, and the field for a reply.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../shared/annotation/types.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { MoreIcon, PencilIcon, TrashIcon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useMargin } from './context.tsx';
import { MentionField } from './MentionField.tsx';
import { MessageBody } from './MessageBody.tsx';
import { usePersonColor } from './people.ts';
import { mayChangeMessage } from './permissions.ts';
import type { AnnotationItem } from './types.ts';
import { When } from './When.tsx';

/** The messages. While the card is not active only the first one shows, and how many follow. */
export function Thread({ item, active }: { item: AnnotationItem; active: boolean }) {
  const { t } = useTranslation();
  const { thread } = item.annotation;
  const [first, ...replies] = thread;
  const shown = active ? thread : first ? [first] : [];
  return (
    <>
      <ol className="thread" aria-label={t('margin.thread')}>
        {shown.map((message) => (
          <MessageView key={message.id} item={item} message={message} first={message === first} clamp={!active} />
        ))}
      </ol>
      {!active && replies.length > 0 && <p className="thread-more">{t('margin.replies', { count: replies.length })}</p>}
    </>
  );
}

interface MessageViewProps {
  item: AnnotationItem;
  message: Message;
  first: boolean;
  clamp: boolean;
}

function MessageView({ item, message, first, clamp }: MessageViewProps) {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const standing = useObservable(session.standing);
  const color = usePersonColor(message.by.id);
  const [editing, setEditing] = useState<string | null>(null);
  const waiting = item.waiting.has(message.id) || item.unsent;
  const annotationId = item.annotation.id;
  const own = !item.unsent && !waiting && mayChangeMessage(standing, message, session.person.id);

  const save = () => {
    if (editing === null || editing.trim() === '') return;
    if (editing !== message.body) {
      void margin.send('annotation.editMessage', { annotationId, messageId: message.id, body: editing });
    }
    setEditing(null);
  };

  return (
    <li className="message">
      <div className="message-head">
        <Avatar person={{ name: message.by.name, color }} size="s" decorative />
        <span className="message-who">
          <span className="message-author">{message.by.name}</span>
          <span>{t(`roles.${message.by.role}`)}</span>
        </span>
        <span className="message-when">
          {waiting && !item.unsent ? t('margin.waiting') : <When at={message.at} />}
          {message.editedAt !== null && message.deletedAt === null && ` · ${t('margin.edited')}`}
        </span>
        {own && !clamp && editing === null && (
          <Menu trigger={<IconButton size="s" label={t('margin.messageMenu')} icon={<MoreIcon />} />}>
            <MenuItem icon={<PencilIcon />} onSelect={() => setEditing(message.body)}>
              {t('margin.edit')}
            </MenuItem>
            {(!first || item.annotation.kind !== 'comment') && (
              <MenuItem
                icon={<TrashIcon />}
                danger
                onSelect={() => void margin.send('annotation.deleteMessage', { annotationId, messageId: message.id })}
              >
                {t('margin.deleteMessage')}
              </MenuItem>
            )}
          </Menu>
        )}
      </div>
      {editing !== null ? (
        <div className="message-edit">
          <MentionField
            label={t('margin.edit')}
            value={editing}
            onChange={setEditing}
            onSend={save}
            onCancel={() => setEditing(null)}
            autoFocus
          />
          <div className="card-buttons">
            <Button size="s" variant="primary" onClick={save} disabled={editing.trim() === ''}>
              {t('margin.save')}
            </Button>
            <Button size="s" variant="quiet" onClick={() => setEditing(null)}>
              {t('margin.cancel')}
            </Button>
          </div>
        </div>
      ) : message.deletedAt !== null ? (
        <p className="message-deleted">{t('margin.messageDeleted')}</p>
      ) : (
        message.body !== '' && <MessageBody body={message.body} clamp={clamp} />
      )}
    </li>
  );
}

/** The field under a thread. What is written stays until it is sent. */
export function ReplyField({ annotationId }: { annotationId: string }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const [body, setBody] = useState('');
  const send = () => {
    if (body.trim() === '') return;
    void margin.send('annotation.reply', { annotationId, body });
    setBody('');
  };
  return (
    <div className="reply">
      <MentionField
        label={t('margin.reply')}
        placeholder={t('margin.replyHint')}
        value={body}
        onChange={setBody}
        onSend={send}
      />
      {body !== '' && (
        <Button size="s" variant="primary" onClick={send} disabled={body.trim() === ''}>
          {t('margin.send')}
        </Button>
      )}
    </div>
  );
}
