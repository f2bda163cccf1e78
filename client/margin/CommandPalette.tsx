// The command palette: every action by name. Type to search, arrows to choose, Enter to do.

import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../ui/classes.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useActionRegistry } from './ActionRoot.tsx';
import { type Action, searchActions } from './actions.ts';
import { Combo } from './Combo.tsx';

export default function CommandPalette({ onOpenChange }: { onOpenChange(open: boolean): void }) {
  const { t } = useTranslation();
  const registry = useActionRegistry();
  const actions = useObservable(registry.actions);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [marked, setMarked] = useState(0);
  const found = searchActions(
    actions.filter(({ id }) => id !== 'palette'),
    query,
  );
  const current = Math.min(marked, found.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[id="${listId}-${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current, listId]);

  const run = (action: Action | undefined) => {
    if (!action) return;
    onOpenChange(false);
    // The window gives the focus back first, so that the action meets the page as it was.
    setTimeout(() => action.run(), 0);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (found.length > 0) setMarked((current + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[current]);
    }
  };

  return (
    <Dialog.Root open onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="palette-overlay">
          <Dialog.Content className="palette" aria-describedby={undefined} onKeyDown={onKeyDown}>
            <Dialog.Title className="visually-hidden">{t('keys.palette')}</Dialog.Title>
            <div className="palette-search">
              <SearchIcon />
              <input
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls={listId}
                aria-activedescendant={found.length > 0 ? `${listId}-${current}` : undefined}
                aria-label={t('keys.paletteHint')}
                placeholder={t('keys.paletteHint')}
                value={query}
                onChange={(event) => {
                  setQuery(event.target.value);
                  setMarked(0);
                }}
              />
            </div>
            <div ref={list} className="palette-list" role="listbox" id={listId} aria-label={t('keys.actions')}>
              {found.map((action, index) => (
                // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field
                // biome-ignore lint/a11y/useKeyWithClickEvents: the search field handles the keys
                <div
                  key={action.id}
                  id={`${listId}-${index}`}
                  role="option"
                  aria-selected={index === current}
                  className={classes('palette-item', index === current && 'palette-item-marked')}
                  onMouseMove={() => setMarked(index)}
                  onClick={() => run(action)}
                >
                  <span className="palette-title">{action.title}</span>
                  <span className="palette-group">{t(`keys.group.${action.group}`)}</span>
                  <FirstCombo action={action} />
                </div>
              ))}
            </div>
            {found.length === 0 && (
              <p className="palette-none" role="status">
                {t('keys.paletteNone')}
              </p>
            )}
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function FirstCombo({ action }: { action: Action }) {
  const combo = action.keys?.[0] ?? action.shows?.[0];
  return combo === undefined ? null : <Combo combo={combo} />;
}
