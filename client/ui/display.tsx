// What only shows: badges, bars, skeletons, empty states, text for screen readers.
import type { CSSProperties, ReactNode } from 'react';
import { classes } from './classes.ts';

export type BadgeKind = 'neutral' | 'accent' | 'good' | 'warn' | 'danger' | 'wording' | 'claim' | 'comment';

/** A small labelled stamp. Colour never stands alone: the words say the same. */
export function Badge({
  kind = 'neutral',
  icon,
  children,
}: {
  kind?: BadgeKind;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={`badge badge-${kind}`}>
      {icon}
      {children}
    </span>
  );
}

/** How far something is: `value` from 0 to 1, or null while nobody knows. */
export function ProgressBar({ value, label }: { value: number | null; label: string }) {
  const percent = value === null ? undefined : Math.round(value * 100);
  return (
    <div
      className={classes('progress', value === null && 'progress-unknown')}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className="progress-fill" style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}

/** Holds the place of what is not here yet; give it the size of what will come. */
export function Skeleton({ width, height, className }: { width?: string; height?: string; className?: string }) {
  return (
    <span className={classes('skeleton', className)} style={{ width, height } as CSSProperties} aria-hidden="true" />
  );
}

/** Nothing here yet: one sentence, and what one can do about it. */
export function EmptyState({
  title,
  icon,
  actions,
  children,
}: {
  title: string;
  icon?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      {icon && <div className="empty-icon">{icon}</div>}
      <h2 className="empty-title">{title}</h2>
      {children && <div className="empty-body">{children}</div>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** Words for screen readers only. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="visually-hidden">{children}</span>;
}
