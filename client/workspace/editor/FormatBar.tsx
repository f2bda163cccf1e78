// The format of the words and blocks that are selected: a few buttons in the head of the column that one works in.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/Button.tsx';
import {
  BoldIcon,
  CheckIcon,
  HeadingIcon,
  ItalicIcon,
  LinkIcon,
  ListIcon,
  OrderedListIcon,
  QuoteIcon,
  RedoIcon,
  UndoIcon,
} from '../../ui/icons.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/Menu.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { BLOCK_FORMATS, type BlockFormat } from './format.ts';
import { EDITOR_KEYS, FORMATS, type FormatName } from './keys.ts';

const ICONS: Partial<Record<BlockFormat, ReactNode>> = {
  heading1: <HeadingIcon />,
  bulleted: <ListIcon />,
  numbered: <OrderedListIcon />,
  quote: <QuoteIcon />,
};

export function FormatBar({ language }: { language: string }) {
  const { t } = useTranslation();
  const { workspace } = useWorkspace();
  const active = useObservable(workspace.activeLanguage) === language;
  const format = useObservable(workspace.format);
  const view = workspace.view(language);
  if (!active || !view || !format) return null;
  const { block } = format;

  function run(name: Exclude<FormatName, 'link'>): void {
    if (!view) return;
    FORMATS[name](view.state, view.dispatch, view);
    view.focus();
  }

  const button = (name: 'bold' | 'italic' | 'undo' | 'redo', icon: ReactNode, pressed?: boolean) => (
    <IconButton
      size="s"
      label={t(`workspace.format.${name}`)}
      shortcut={shortcut(name)}
      icon={icon}
      pressed={pressed}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => run(name)}
    />
  );

  return (
    <div className="ws-format" role="toolbar" aria-label={t('workspace.format.toolbar')}>
      {button('bold', <BoldIcon />, format.bold)}
      {button('italic', <ItalicIcon />, format.italic)}
      <IconButton
        size="s"
        label={t('workspace.format.link')}
        shortcut={shortcut('link')}
        icon={<LinkIcon />}
        pressed={format.link}
        disabled={!format.mayLink}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => workspace.openLink(language)}
      />
      <Menu
        trigger={
          <IconButton
            size="s"
            label={t('workspace.format.block', { kind: t(`workspace.format.${block}`) })}
            icon={ICONS[block] ?? <HeadingIcon />}
          />
        }
      >
        {BLOCK_FORMATS.map((name) => (
          <MenuItem
            key={name}
            icon={name === block ? <CheckIcon /> : null}
            shortcut={shortcut(name)}
            onSelect={() => run(name)}
          >
            {t(`workspace.format.${name}`)}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem icon={<UndoIcon />} shortcut={shortcut('undo')} onSelect={() => run('undo')}>
          {t('workspace.format.undo')}
        </MenuItem>
        <MenuItem icon={<RedoIcon />} shortcut={shortcut('redo')} onSelect={() => run('redo')}>
          {t('workspace.format.redo')}
        </MenuItem>
      </Menu>
    </div>
  );
}

function shortcut(name: FormatName): string | undefined {
  const key = EDITOR_KEYS.find(([, format]) => format === name)?.[0];
  if (!key) return undefined;
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  return key
    .replace('Mod', mac ? '⌘' : 'Ctrl')
    .replace('Alt', mac ? '⌥' : 'Alt')
    .replace('Shift', mac ? '⇧' : 'Shift')
    .replace(/-(\w)$/, (_, letter: string) => `-${letter.toUpperCase()}`)
    .replaceAll('-', mac ? '' : '+');
}
