// The border between two columns: drag it, or move it by the arrow keys.
import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { useWorkspace } from '../context.tsx';

const KEY_STEP = 0.1;

export function Resizer({ left, right }: { left: string; right: string }) {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { arrangement } = useWorkspace().workspace;
  const share = (language: string) => arrangement.widths.get()[language] ?? 1;

  function moveBy(change: number): void {
    const total = share(left) + share(right);
    const next = Math.min(total - 0.4, Math.max(0.4, share(left) + change));
    arrangement.resize(left, next);
    arrangement.resize(right, total - next);
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    event.preventDefault();
    const handle = event.currentTarget;
    const cell = handle.parentElement!;
    const perPixel = share(left) / cell.getBoundingClientRect().width;
    let at = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => {
      if (Math.abs(moved.clientX - at) * perPixel < 0.01) return;
      moveBy((moved.clientX - at) * perPixel);
      at = moved.clientX;
    };
    const up = () => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', up, { once: true });
    handle.addEventListener('pointercancel', up, { once: true });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    moveBy(event.key === 'ArrowLeft' ? -KEY_STEP : KEY_STEP);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a border that can be moved is a separator with a value, which <hr> cannot be
    <div
      className="ws-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('workspace.columns.resize', { left: name(left), right: name(right) })}
      aria-valuenow={Math.round(share(left) * 100)}
      aria-valuemin={40}
      aria-valuemax={260}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
