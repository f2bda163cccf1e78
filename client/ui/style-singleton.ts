// Stands in for the package react-style-singleton (vite.config.ts), with which Radix's dialogs and menus hold the page still
// behind them. The package writes `<style>` elements, which our content security policy refuses; a constructed style sheet
// does the same and needs no exception.
import { useEffect } from 'react';

interface StyleProps {
  styles: string;
  /** Whether a change of `styles` takes effect while it is mounted. */
  dynamic?: boolean;
}

/** A component that has its styles in force while at least one of it is mounted; the first one's count. */
export function styleSingleton(): (props: StyleProps) => null {
  let mounted = 0;
  let sheet: CSSStyleSheet | null = null;

  function add(styles: string): void {
    mounted += 1;
    if (mounted > 1) return;
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  function remove(): void {
    mounted -= 1;
    if (mounted > 0) return;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    sheet = null;
  }

  return function Style({ styles, dynamic }) {
    // biome-ignore lint/correctness/useExhaustiveDependencies: only dynamic styles are replaced, as in the package
    useEffect(() => {
      add(styles);
      return remove;
    }, [dynamic === true && styles]);
    return null;
  };
}
