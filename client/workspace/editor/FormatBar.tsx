// The format of the words and blocks that are selected: a few buttons in the head of the column that one works in.
import type { EditorState } from 'prosemirror-state';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { articleSchema } from '../../../shared/article/schema.ts';
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
import { concernsLink, EDITOR_KEYS, FORMATS, type FormatName } from './keys.ts';
import { attributesOf, kindAt } from './structure.ts';

const BLOCK_FORMATS = [
  'paragraph',
  'heading1',
  'heading2',
  'heading3',
  'heading4',
  'bulleted',
  'numbered',
  'quote',
] as const;
type BlockFormat = (typeof BLOCK_FORMATS)[number];

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
  useObservable(workspace.formatVersion);
  const view = workspace.view(language);
  if (!active || !view) return null;
  const { state } = view;
  const block = blockFormat(state);

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
      {button('bold', <BoldIcon />, hasMark(state, 'bold'))}
      {button('italic', <ItalicIcon />, hasMark(state, 'italic'))}
      <IconButton
        size="s"
        label={t('workspace.format.link')}
        shortcut={shortcut('link')}
        icon={<LinkIcon />}
        pressed={hasMark(state, 'link')}
        disabled={!concernsLink(state)}
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

function hasMark(state: EditorState, name: 'bold' | 'italic' | 'link'): boolean {
  const type = articleSchema.marks[name]!;
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

function blockFormat(state: EditorState): BlockFormat {
  const attributes = kindAt(state.selection.$from) ?? attributesOf(state.doc.firstChild!);
  if (attributes.kind === 'heading') return `heading${attributes.level}` as BlockFormat;
  if (attributes.kind === 'listItem') return attributes.ordered ? 'numbered' : 'bulleted';
  return attributes.kind === 'quote' ? 'quote' : 'paragraph';
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
