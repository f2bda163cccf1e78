// Tabs: one of several panels in the same place.
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab<T extends string> {
  value: T;
  label: string;
  /** A number or a mark after the label. */
  badge?: ReactNode;
  lang?: string;
}

export interface TabsProps<T extends string> {
  /** The accessible name of the row of tabs. */
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: readonly Tab<T>[];
  /** The chosen panel's content. */
  children: ReactNode;
}

export function Tabs<T extends string>({ label, value, onChange, tabs, children }: TabsProps<T>) {
  return (
    <Radix.Root className="tabs" value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.List className="tabs-list" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} className="tab" value={tab.value} lang={tab.lang}>
            {tab.label}
            {tab.badge !== undefined && <span className="tab-badge">{tab.badge}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content className="tabs-panel" value={value} key={value}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
