// A key combination as it is labelled on this machine's keyboard.
import { Kbd } from '../ui/Kbd.tsx';
import { comboKeys, isApple } from './keys.ts';

export function Combo({ combo }: { combo: string }) {
  return (
    <span className="combo">
      {comboKeys(combo, isApple()).map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
}
