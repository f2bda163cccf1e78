// The list of all keys: those of the actions that are offered now, and those of the editors and fields.
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useActionRegistry } from './ActionRoot.tsx';
import { ACTION_GROUPS } from './actions.ts';
import { Combo } from './Combo.tsx';

/** Keys that are not actions: they belong to what has the focus. */
const WRITING = [
  { name: 'bold', keys: ['Mod+B'] },
  { name: 'italic', keys: ['Mod+I'] },
  { name: 'undo', keys: ['Mod+Z'] },
  { name: 'redo', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  { name: 'send', keys: ['Mod+Enter'] },
  { name: 'mention', keys: ['@'] },
  { name: 'back', keys: ['Escape'] },
] as const;

export default function KeyHelp({ onOpenChange }: { onOpenChange(open: boolean): void }) {
  const { t } = useTranslation();
  const registry = useActionRegistry();
  const actions = useObservable(registry.actions).filter(({ keys, shows }) => keys || shows);
  return (
    <Dialog open onOpenChange={onOpenChange} title={t('keys.help')} description={t('keys.helpHint')} size="l">
      <div className="key-groups">
        {ACTION_GROUPS.map((group) => {
          const inGroup = actions.filter((action) => action.group === group);
          if (inGroup.length === 0) return null;
          return (
            <section key={group}>
              <h3>{t(`keys.group.${group}`)}</h3>
              <dl className="key-list">
                {inGroup.map((action) => (
                  <Row key={action.id} title={action.title} keys={action.keys ?? action.shows ?? []} />
                ))}
              </dl>
            </section>
          );
        })}
        <section>
          <h3>{t('keys.writing.title')}</h3>
          <dl className="key-list">
            {WRITING.map(({ name, keys }) => (
              <Row key={name} title={t(`keys.writing.${name}`)} keys={keys} />
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Row({ title, keys }: { title: string; keys: readonly string[] }) {
  return (
    <div className="key-row">
      <dt>{title}</dt>
      <dd>
        {keys.map((combo) => (
          <Combo key={combo} combo={combo} />
        ))}
      </dd>
    </div>
  );
}
