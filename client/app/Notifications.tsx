// The bell: who mentioned or answered one, newest first. A click leads to the words concerned, or to the snapshot of them.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Notification } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys, useNotifications } from '../api/queries.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { BellIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/Popover.tsx';
import { useToast } from '../ui/Toast.tsx';
import { errorText } from './error-text.ts';
import { useLiveEvent } from './live-context.ts';
import { useFormats, useNow } from './use-formats.ts';

export function Notifications() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  const { data: notifications = [] } = useNotifications();
  useLiveEvent('notification', (notification) => {
    queries.setQueryData<Notification[]>(keys.notifications, (known = []) => [
      notification,
      ...known.filter(({ id }) => id !== notification.id),
    ]);
  });

  const unread = notifications.filter((notification) => notification.readAt === null);
  const markRead = async (ids: readonly string[] | 'all') => {
    const at = Date.now();
    queries.setQueryData<Notification[]>(keys.notifications, (known = []) =>
      known.map((item) => (ids === 'all' || ids.includes(item.id) ? { ...item, readAt: item.readAt ?? at } : item)),
    );
    try {
      await api.readNotifications(ids);
    } catch (error) {
      toast({ kind: 'danger', title: errorText(error, t) });
      await queries.invalidateQueries({ queryKey: keys.notifications });
    }
  };
  const follow = (notification: Notification) => {
    setOpen(false);
    void markRead([notification.id]);
    const { articleId, annotationId } = notification;
    navigate(`/articles/${articleId}${annotationId === null ? '/snapshots' : `?annotation=${annotationId}`}`);
  };

  const label = unread.length === 0 ? t('app.notifications') : t('app.unread', { count: unread.length });
  return (
    <Popover
      label={t('app.notifications')}
      open={open}
      onOpenChange={setOpen}
      className="notifications"
      trigger={
        <IconButton
          label={label}
          className="bell"
          icon={
            <>
              <BellIcon />
              {unread.length > 0 && <span className="bell-mark" aria-hidden="true" />}
            </>
          }
        />
      }
    >
      <div className="notifications-header">
        <h2>{t('app.notifications')}</h2>
        {unread.length > 0 && (
          <Button size="s" variant="quiet" onClick={() => markRead('all')}>
            {t('app.markAllRead')}
          </Button>
        )}
      </div>
      {notifications.length === 0 ? (
        <p className="notifications-empty">{t('app.noNotifications')}</p>
      ) : (
        <ul className="notifications-list">
          {notifications.map((notification) => (
            <li key={notification.id}>
              <NotificationRow notification={notification} onFollow={() => follow(notification)} />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function NotificationRow({ notification, onFollow }: { notification: Notification; onFollow: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  const { kind, by, excerpt, articleTitle, at, readAt } = notification;
  return (
    <button type="button" className="notification" data-unread={readAt === null || undefined} onClick={onFollow}>
      <span className="notification-line">
        {t(`app.notificationKinds.${kind}`, { name: by.name })}
        {readAt === null && <span className="visually-hidden"> · {t('app.notRead')}</span>}
      </span>
      <span className="notification-excerpt">{excerpt}</span>
      <span className="notification-where">
        {articleTitle}&nbsp;· {formats.relative(at, now)}
      </span>
    </button>
  );
}
