// A menu that drops from a button. Arrow keys, type-ahead and Esc come with it.
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';
import { CheckIcon } from './icons.tsx';
import { Kbd } from './Kbd.tsx';

export interface MenuProps {
  /** One button. */
  trigger: ReactElement;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

export function Menu({ trigger, align = 'end', side = 'bottom', open, onOpenChange, children }: MenuProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} side={side} sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  onSelect: () => void;
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Language of the words when it is not the interface's. */
  lang?: string;
  children: ReactNode;
}

export function MenuItem({ onSelect, icon, shortcut, danger, disabled, lang, children }: MenuItemProps) {
  return (
    <Radix.Item
      className={classes('menu-item', danger && 'menu-item-danger')}
      disabled={disabled}
      onSelect={onSelect}
      lang={lang}
    >
      <span className="menu-item-icon">{icon}</span>
      <span className="menu-item-label">{children}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </Radix.Item>
  );
}

export interface MenuCheckItemProps extends Omit<MenuItemProps, 'onSelect' | 'icon' | 'danger'> {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  /** The menu stays open, for several changes in a row. */
  keepOpen?: boolean;
}

export function MenuCheckItem({
  checked,
  onCheckedChange,
  keepOpen,
  shortcut,
  disabled,
  lang,
  children,
}: MenuCheckItemProps) {
  return (
    <Radix.CheckboxItem
      className="menu-item"
      checked={checked}
      disabled={disabled}
      lang={lang}
      onCheckedChange={onCheckedChange}
      onSelect={(event) => keepOpen && event.preventDefault()}
    >
      <span className="menu-item-icon">
        <Radix.ItemIndicator>
          <CheckIcon />
        </Radix.ItemIndicator>
      </span>
      <span className="menu-item-label">{children}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </Radix.CheckboxItem>
  );
}

export interface MenuRadioGroupProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; lang?: string }[];
}

/** A choice of one inside a menu, with its label above. */
export function MenuRadioGroup<T extends string>({ label, value, onChange, options }: MenuRadioGroupProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} className="menu-item" value={option.value} lang={option.lang}>
          <span className="menu-item-icon">
            <Radix.ItemIndicator>
              <CheckIcon />
            </Radix.ItemIndicator>
          </span>
          <span className="menu-item-label">{option.label}</span>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="menu-label">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="menu-separator" />;
}
