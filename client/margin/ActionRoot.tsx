// Around the whole app: holds the registry of actions, listens to keys, and opens the command palette and the list of keys.
// Both windows are loaded when they are first wanted.
import { createContext, lazy, type ReactNode, Suspense, use, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Action, type ActionRegistry, createActions } from './actions.ts';
import { useAppActions } from './useAppActions.ts';
import './keys.css';
import { isApple, isInOverlay, isPlainKey, isTyping, matchesCombo } from './keys.ts';

const CommandPalette = lazy(() => import('./CommandPalette.tsx'));
const KeyHelp = lazy(() => import('./KeyHelp.tsx'));

const ActionContext = createContext<ActionRegistry | null>(null);

export function useActionRegistry(): ActionRegistry {
  const registry = use(ActionContext);
  if (!registry) throw new Error('actions need an ActionRoot around the app');
  return registry;
}

/** Offers actions for as long as the component is mounted. Memoise the list: a new one is registered anew. */
export function useActions(actions: readonly Action[]): void {
  const registry = useActionRegistry();
  useEffect(() => registry.add(actions), [registry, actions]);
}

type Overlay = 'palette' | 'keys' | null;

export function ActionRoot({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [registry] = useState(createActions);
  const [overlay, setOverlay] = useState<Overlay>(null);

  const own = useMemo<Action[]>(
    () => [
      {
        id: 'palette',
        title: t('keys.palette'),
        group: 'navigation',
        keys: ['Mod+K'],
        run: () => setOverlay((now) => (now === 'palette' ? null : 'palette')),
      },
      { id: 'keys', title: t('keys.help'), group: 'navigation', keys: ['?'], run: () => setOverlay('keys') },
    ],
    [t],
  );
  useEffect(() => registry.add(own), [registry, own]);
  const everywhere = useAppActions();
  useEffect(() => registry.add(everywhere), [registry, everywhere]);

  useEffect(() => {
    const apple = isApple();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      const typing = isTyping(event.target);
      const overlaid = isInOverlay(event.target);
      for (const action of registry.actions.get()) {
        if (action.disabled || (overlaid && action.id !== 'palette')) continue;
        const combo = action.keys?.find((one) => matchesCombo(event, one, apple));
        if (!combo || (typing && isPlainKey(combo))) continue;
        event.preventDefault();
        action.run();
        return;
      }
    };
    // After the editors and fields: what has the focus comes first, and says so by preventing the default.
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [registry]);

  const close = (open: boolean) => setOverlay(open ? overlay : null);
  return (
    <ActionContext value={registry}>
      {children}
      <Suspense>
        {overlay === 'palette' && <CommandPalette onOpenChange={close} />}
        {overlay === 'keys' && <KeyHelp onOpenChange={close} />}
      </Suspense>
    </ActionContext>
  );
}
