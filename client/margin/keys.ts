// Key combinations: how they are written ("Mod+Alt+M"), matched and shown. Letters are matched by their place on the
// keyboard, so that they work in a Cyrillic layout too.

const LETTER = /^[A-Z]$/;

/** Whether a key press is the combination. `Mod` is ⌘ on Apple's keyboards and Ctrl elsewhere. */
export function matchesCombo(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  combo: string,
  apple: boolean,
): boolean {
  const parts = combo.split('+');
  const key = parts.pop()!;
  const mod = parts.includes('Mod');
  const ctrl = apple ? false : mod;
  const meta = apple ? mod : false;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== parts.includes('Alt')) return false;
  // "?" stands on different keys, and needs Shift on most.
  if (key === '?') return event.key === '?' || (event.code === 'Slash' && event.shiftKey);
  if (event.shiftKey !== parts.includes('Shift')) return false;
  return LETTER.test(key) ? event.code === `Key${key}` : event.key === key;
}

/** Whether the combination could also be typing: no modifier but Shift. */
export function isPlainKey(combo: string): boolean {
  return !/(Mod|Alt)\+/.test(combo);
}

/** The combination as its keys are labelled, e.g. ["Ctrl", "Alt", "M"]. */
export function comboKeys(combo: string, apple: boolean): string[] {
  return combo.split('+').map((part) => {
    if (part === 'Mod') return apple ? '⌘' : 'Ctrl';
    if (part === 'Alt') return apple ? '⌥' : 'Alt';
    if (part === 'Shift') return apple ? '⇧' : 'Shift';
    if (part === 'Escape') return 'Esc';
    return part.replace('ArrowUp', '↑').replace('ArrowDown', '↓').replace('ArrowLeft', '←').replace('ArrowRight', '→');
  });
}

export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

export function modName(): string {
  return isApple() ? '⌘' : 'Ctrl';
}

/** Whether a key press goes into words that somebody writes. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

/** Whether a key press belongs to a window or menu that is open over the page. */
export function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}
