// The head of a column: the language, how far its translation is, the buttons of its format, and where the column stands.
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { IconButton } from '../../ui/Button.tsx';
import { LockIcon, MoreIcon } from '../../ui/icons.tsx';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { FormatBar } from '../editor/FormatBar.tsx';

export function ColumnHead({ language }: { language: string }) {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { workspace, meta, narrow } = useWorkspace();
  const { arrangement, session } = workspace;
  const editable = useObservable(session.editable).includes(language);
  const active = useObservable(workspace.activeLanguage) === language;
  const shown = useObservable(workspace.shown);
  const order = useObservable(arrangement.order);
  const isSource = language === meta.sourceLanguage;
  return (
    <div className={`ws-head${active ? ' ws-head-active' : ''}`}>
      <h2 className="ws-head-name">{name(language)}</h2>
      {isSource ? (
        <span className="ws-head-note">{t('workspace.columns.source')}</span>
      ) : (
        <Progress language={language} />
      )}
      {!editable && (
        <span className="ws-head-lock" title={t('workspace.readOnly.short')}>
          <LockIcon />
          <span className="visually-hidden">{t('workspace.readOnly.short')}</span>
        </span>
      )}
      <span className="ws-head-space" />
      {editable && <FormatBar language={language} />}
      {!narrow && order.length > 1 && (
        <Menu
          trigger={
            <IconButton
              size="s"
              label={t('workspace.columns.menu', { language: name(language) })}
              icon={<MoreIcon />}
            />
          }
        >
          <MenuItem disabled={order.indexOf(language) === 0} onSelect={() => arrangement.move(language, -1)}>
            {t('workspace.columns.left')}
          </MenuItem>
          <MenuItem
            disabled={order.indexOf(language) === order.length - 1}
            onSelect={() => arrangement.move(language, 1)}
          >
            {t('workspace.columns.right')}
          </MenuItem>
          <MenuItem disabled={shown.length === 1} onSelect={() => arrangement.hide(language)}>
            {t('workspace.columns.hide')}
          </MenuItem>
        </Menu>
      )}
    </div>
  );
}

function Progress({ language }: { language: string }) {
  const { t } = useTranslation();
  const { statuses } = useWorkspace();
  const percent = useObservable(statuses.progress(language));
  return (
    <span className="ws-head-note" title={t('workspace.columns.progress', { percent })}>
      {t('workspace.columns.percent', { percent })}
    </span>
  );
}
